"""What the platform writes to who answers for the organisation's subscription: its trial, its debts."""

from collections.abc import Callable
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
from tenant_apps.organisation.models import Profile, Role
from tenants import links
from tenants.context import current, in_operations

_ANSWERING = (Role.OWNER, Role.FINANCE)


def reminded(payload: dict[str, Any]) -> None:
    """Nothing where it was settled in the meantime."""
    subscription = Subscription.objects.filter(organisation=current()).first()
    subject, _separator, days = payload["step"].partition(":")
    if subscription is None or subscription.state != _ABOUT[subject]:
        return
    profile = organisation.profile()
    write(
        lambda language: _WORDS[subject](subscription, profile, language, payload, int(days)),
        about=f"{payload['step']}:{payload['since']}",
        subscription=subscription,
        profile=profile,
    )


def write(words: Callable[[str], Letter], *, about: str, subscription: Subscription, profile: Profile) -> None:
    """To owners, to finance and to the accounting's address, each in its language; from the platform, and signed so."""
    with in_operations():
        platform = organisation.profile()
    for address, language in _recipients(subscription, profile).items():
        with override(language):
            key = f"subscription:{about}:{address}"
            send(words(language), key=key, recipient=address, language=language, profile=platform)


def _recipients(subscription: Subscription, profile: Profile) -> dict[str, str]:
    """Addresses, each with the language of who reads it."""
    usual = staff_language(profile)
    members = {member.user.email: member.user.language or usual for member in organisation.at_work(_ANSWERING)}
    accounting = subscription.billing.get("email", "")
    return {**({accounting: usual} if accounting else {}), **members}


def _trial(subscription: Subscription, profile: Profile, language: str, payload: dict[str, Any], days: int) -> Letter:
    left = -days
    return Letter(
        subject=ngettext("Votre essai prend fin demain", "Votre essai prend fin dans %(days)d jours", left)
        % {"days": left},
        paragraphs=[
            _("Bonjour,"),
            _("Votre essai de Préau va jusqu’au %(day)s.") % {"day": day_words(payload["since"], profile, language)},
            _("Si vos coordonnées de facturation sont écrites, tout continue et la première facture suit."),
            _("Sinon, écrivez-les\u202f: rien n’est facturé avant la fin de l’essai."),
        ],
        action=own_page(),
    )


def _details(subscription: Subscription, profile: Profile, language: str, payload: dict[str, Any], days: int) -> Letter:
    return Letter(
        subject=_("À qui facturons-nous Préau\u202f?"),
        paragraphs=[
            _("Bonjour,"),
            _("Votre essai est terminé. Écrivez vos coordonnées de facturation pour que tout continue."),
            _suspension(subscription, profile, language),
        ],
        action=own_page(),
    )


def _debt(subscription: Subscription, profile: Profile, language: str, payload: dict[str, Any], days: int) -> Letter:
    why = (
        _("Votre carte n’a pas pu payer une facture de Préau.")
        if payload.get("by_card")
        else _("Une facture de Préau n’est pas encore payée.")
    )
    owed = open_invoices()
    return Letter(
        subject=_("Une facture de Préau est en retard"),
        paragraphs=[_("Bonjour,"), why, _suspension(subscription, profile, language)],
        facts=facts_of(owed, profile, language),
        action=how_to_pay(owed),
        notes=[*other_pages(owed), _("Si vous venez de payer, ignorez ce message.")],
    )


def open_invoices() -> list[Invoice]:
    return list(Invoice.objects.filter(organisation=current(), state=InvoiceState.OPEN).order_by("issued_at"))


def facts_of(owed: list[Invoice], profile: Profile, language: str) -> list[tuple[str, str]]:
    """What each comes to, and its day."""
    locale = formats.locale_for(language, profile.territory)
    facts = []
    for invoice in owed:
        said = formats.money(invoice.due_cents, invoice.currency.upper(), locale)
        if invoice.due_at is not None:
            day = day_words(invoice.due_at.isoformat(), profile, language)
            said = _("%(amount)s, à payer avant le %(day)s") % {"amount": said, "day": day}
        facts.append((invoice.number, said))
    return facts


def how_to_pay(owed: list[Invoice]) -> tuple[str, str]:
    """The oldest one's own page, which asks nobody to sign in."""
    if owed and owed[0].page_url:
        return _("Payer la facture"), owed[0].page_url
    return own_page()


def other_pages(owed: list[Invoice]) -> list[str]:
    return [
        _("Pour payer la facture %(number)s\u202f: %(page)s") % {"number": invoice.number, "page": invoice.page_url}
        for invoice in owed[1:]
        if invoice.page_url
    ]


def _suspension(subscription: Subscription, profile: Profile, language: str) -> str:
    moment = deadlines.suspension_of(subscription)
    if moment is None:
        return ""
    return _("Sans cela, le site pourra seulement être consulté à partir du %(day)s.") % {
        "day": day_words(moment.isoformat(), profile, language)
    }


def day_words(moment: str, profile: Profile, language: str) -> str:
    locale = formats.locale_for(language, profile.territory)
    return formats.date_words(datetime.fromisoformat(moment).astimezone(profile.zone).date(), locale)


def own_page() -> tuple[str, str]:
    return _("Voir l’abonnement"), links.absolute(reverse("office:subscription"))


_ABOUT = {
    "trial": SubscriptionState.TRIAL,
    "details": SubscriptionState.TRIAL,
    "debt": SubscriptionState.PAST_DUE,
}
_WORDS = {"trial": _trial, "details": _details, "debt": _debt}

LISTENERS = {telling.REMINDER: reminded}
