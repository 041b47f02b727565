"""What the platform writes when what is owed to it makes the site read-only, and when it is back: once each."""

from typing import Any

from django.utils.translation import gettext as _

from billing import telling
from billing.models import Subscription, SubscriptionState
from tenant_apps.notifications import subscription as letters
from tenant_apps.notifications.letters import Letter
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.models import Profile
from tenants.context import current, in_registry
from tenants.models import Organisation, State


def told(payload: dict[str, Any]) -> None:
    """Nothing of what is over when it is told."""
    mine = Subscription.objects.filter(organisation=current()).first()
    if mine is None or payload["is_back"] != _is_in_service():
        return
    profile = organisation.profile()
    letters.write(
        lambda language: _back() if payload["is_back"] else _suspended(mine, payload, profile, language),
        about=f"{'back' if payload['is_back'] else 'suspended'}:{payload['since']}",
        subscription=mine,
        profile=profile,
    )


def _is_in_service() -> bool:
    here = current().pk
    with in_registry():
        return Organisation.objects.filter(pk=here, state=State.READY).exists()


def _suspended(subscription: Subscription, payload: dict[str, Any], profile: Profile, language: str) -> Letter:
    owed = letters.open_invoices()
    since = letters.day_words(payload["since"], profile, language)
    return Letter(
        subject=_("Votre site peut seulement être consulté"),
        paragraphs=[
            _("Bonjour,"),
            _("Depuis le %(day)s, votre site peut seulement être consulté.") % {"day": since},
            _("Personne ne peut s’y inscrire ni y payer."),
            _why(subscription.state),
            _("Rien n’est effacé\u202f: vos données et celles des familles restent là."),
        ],
        facts=letters.facts_of(owed, profile, language),
        action=letters.how_to_pay(owed),
        notes=letters.other_pages(owed),
    )


def _why(state: str) -> str:
    if state == SubscriptionState.PAST_DUE:
        return _("Une facture de Préau n’est pas payée. Le site revient de lui-même dès qu’elle l’est.")
    if state == SubscriptionState.TRIAL:
        return _(
            "Votre essai est terminé et vos coordonnées de facturation manquent. Le site revient de lui-même dès "
            "qu’elles sont écrites."
        )
    return _("Votre abonnement est terminé. Le site revient dès que vous le reprenez.")


def _back() -> Letter:
    return Letter(
        subject=_("Votre site est de nouveau en service"),
        paragraphs=[_("Bonjour,"), _("Les familles peuvent de nouveau s’inscrire et payer en ligne.")],
        action=letters.own_page(),
    )


LISTENERS = {telling.SUSPENSION: told}
