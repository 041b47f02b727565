"""What is written to who answers for the organisation's subscription to the platform: its trial, its debts."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from billing import deadlines, telling
from billing.models import Invoice, InvoiceState, Subscription, SubscriptionState
from shared_apps.design import formats
from tenant_apps.notifications.letters import Letter, send, staff_language
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.models import MemberState, Profile, Role, StaffMember
from tenants import links
from tenants.context import current

_ANSWERING = (Role.OWNER, Role.FINANCE)


def reminded(payload: dict[str, Any]) -> None:
    """To owners, to finance and to the accounting's address; nothing where it was settled in the meantime."""
    subscription = Subscription.objects.filter(organisation=current()).first()
    subject, _separator, days = payload["step"].partition(":")
    if subscription is None or subscription.state != _ABOUT[subject]:
        return
    profile = organisation.profile()
    for address, language in _recipients(subscription, profile).items():
        with override(language):
            letter = _WORDS[subject](subscription, profile, language, payload, int(days))
            key = f"subscription:{payload['step']}:{payload['since']}:{address}"
            send(letter, key=key, recipient=address, language=language, profile=profile)


def _recipients(subscription: Subscription, profile: Profile) -> dict[str, str]:
    """Addresses, each with the language of who reads it."""
    usual = staff_language(profile)
    found = StaffMember.objects.filter(role__in=_ANSWERING, state=MemberState.ACTIVE).select_related("user")
    members = {member.user.email: member.user.language or usual for member in found}
    accounting = subscription.billing.get("email", "")
    return {**({accounting: usual} if accounting else {}), **members}


def _trial(subscription: Subscription, profile: Profile, language: str, payload: dict[str, Any], days: int) -> Letter:
    left = -days
    return Letter(
        subject=ngettext("Votre essai prend fin demain", "Votre essai prend fin dans %(days)d jours", left)
        % {"days": left},
        paragraphs=[
            _("Bonjour,"),
            _("Votre essai de Préau va jusqu’au %(day)s.") % {"day": _day(payload["since"], profile, language)},
            _("Si vos coordonnées de facturation sont écrites, tout continue et la première facture suit."),
            _("Sinon, écrivez-les\u202f: rien n’est facturé avant la fin de l’essai."),
        ],
        action=_action(),
    )


def _details(subscription: Subscription, profile: Profile, language: str, payload: dict[str, Any], days: int) -> Letter:
    return Letter(
        subject=_("À qui facturons-nous Préau\u202f?"),
        paragraphs=[
            _("Bonjour,"),
            _("Votre essai est terminé. Écrivez vos coordonnées de facturation pour que tout continue."),
            _suspension(subscription, profile, language),
        ],
        action=_action(),
    )


def _debt(subscription: Subscription, profile: Profile, language: str, payload: dict[str, Any], days: int) -> Letter:
    locale = formats.locale_for(language, profile.territory)
    owed = Invoice.objects.filter(organisation=current(), state=InvoiceState.OPEN).order_by("issued_at")
    amounts = [(invoice.number, formats.money(invoice.due_cents, invoice.currency.upper(), locale)) for invoice in owed]
    why = (
        _("Votre carte n’a pas pu payer une facture de Préau.")
        if payload.get("by_card")
        else _("Une facture de Préau n’est pas encore payée.")
    )
    return Letter(
        subject=_("Une facture de Préau est en retard"),
        paragraphs=[_("Bonjour,"), why, _suspension(subscription, profile, language)],
        facts=amounts,
        action=_action(),
        notes=[_("Si vous venez de payer, ignorez ce message.")],
    )


def _suspension(subscription: Subscription, profile: Profile, language: str) -> str:
    moment = deadlines.suspension_of(subscription)
    if moment is None:
        return ""
    return _("Sans cela, le site pourra seulement être consulté à partir du %(day)s.") % {
        "day": _day(moment.isoformat(), profile, language)
    }


def _day(moment: str, profile: Profile, language: str) -> str:
    locale = formats.locale_for(language, profile.territory)
    return formats.date_words(datetime.fromisoformat(moment).astimezone(profile.zone).date(), locale)


def _action() -> tuple[str, str]:
    return _("Voir l’abonnement"), links.absolute(reverse("office:subscription"))


_ABOUT = {
    "trial": SubscriptionState.TRIAL,
    "details": SubscriptionState.TRIAL,
    "debt": SubscriptionState.PAST_DUE,
}
_WORDS = {"trial": _trial, "details": _details, "debt": _debt}

LISTENERS = {telling.REMINDER: reminded}
