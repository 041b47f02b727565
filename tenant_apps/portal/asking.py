"""« Preuves et demandes »: what a family may ask of the organisation now, and what became of what it asked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel import clock
from tenant_apps.catalog import timing
from tenant_apps.catalog.eligibility import rules_of
from tenant_apps.catalog.models import Offering, Option
from tenant_apps.entitlements import queries, wording
from tenant_apps.entitlements.models import Entitlement
from tenant_apps.entitlements.wording import State
from tenant_apps.families import queries as families
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.organisation.prices import Prices
from tenant_apps.portal.templatetags.portal import period
from tenant_apps.registrations import support
from tenant_apps.registrations.queries import places_left


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to ask for: its title, one sentence about it, and its page."""

    title: str
    text: str
    address: str
    icon: str = "clipboard-list"


@dataclass(frozen=True, slots=True)
class Told:
    """One request as the family reads it in its list."""

    entitlement: Entitlement
    title: str
    state: State
    is_mine: bool


def choices(prices: Prices, *, at: datetime, zone: ZoneInfo) -> list[Choice]:
    return [*_proofs(prices), *_offerings(at, zone)]


def asked(guardian: Guardian, prices: Prices, *, on: date) -> list[Told]:
    """Those of the household, the latest first, but for children from whom the guardian is kept away."""
    found = queries.of_household(guardian).exclude(participant_id__in=families.hidden_from(guardian.id))
    rows = found.select_related("participant", "offering", "option", "guardian").defer("sealed")
    return [
        Told(each, wording.title(each, prices), wording.state(each, on), each.guardian_id == guardian.id)
        for each in rows.order_by("-asked_at", "id")
    ]


def askable_children(guardian: Guardian) -> list[Participant]:
    """Asking for a child is for who may enrol them."""
    changeable = families.changeable_by(guardian.id)
    return [child for child in families.participants_of(guardian.id) if child.id in changeable]


def takes_approval(offering: Offering) -> bool:
    return any(rule["kind"] == "approval" for rule in rules_of(offering))


def takes_support(offering: Offering, on: date) -> bool:
    calendar = support.calendar_of(offering)
    return calendar is not None and calendar.is_open(on)


def supported_options(offering: Offering, *, at: datetime, zone: ZoneInfo, country: str) -> list[tuple[Option, str]]:
    """Those that have a place left and are still to come, with their days."""
    options = [each for each in offering.options.all() if not timing.of_option(each, at=at, zone=zone)]
    left = places_left([option.id for option in options], at=at)
    return [(option, _dated(option, country)) for option in options if left.get(option.id) != 0]


def files_of(entitlement: Entitlement) -> list[UUID]:
    return [UUID(each) for each in entitlement.uploads]


def _proofs(prices: Prices) -> Iterator[Choice]:
    if prices.residence.asks_proof:
        told = _("Un bail, un compte de taxes ou une facture à votre adresse\u202f: vous payez le prix des résidents.")
        yield Choice(_("Prouver ma résidence"), told, reverse("ask_residence"), "house")
    if prices.income_bands:
        told = _("Votre avis de cotisation ou d’imposition\u202f: le prix suit votre revenu.")
        yield Choice(_("Prouver mon revenu"), told, reverse("ask_income"), "coins")
    if prices.subsidies:
        told = _("Une aide que vous recevez déjà, ou que vous demandez\u202f: elle réduit ce que vous payez.")
        yield Choice(_("Demander une aide financière"), told, reverse("ask_subsidy"), "wallet")


def _offerings(at: datetime, zone: ZoneInfo) -> Iterator[Choice]:
    today = clock.local_date(at, zone)
    asking = ~Q(support={}) | _approving()
    shown = Offering.objects.filter(timing.in_bounds(at=at, zone=zone), asking).prefetch_related("options")
    for offering in shown:
        if takes_support(offering, today):
            told = _("Pour un enfant qui a besoin d’accompagnement\u202f: une place est gardée le temps de l’étude.")
            title = _("Demander du soutien\u202f: %(offering)s") % {"offering": offering}
            yield Choice(title, told, reverse("ask_support", args=[offering.slug]), "heart")
        if takes_approval(offering):
            told = _("Notre équipe répond d’abord\u202f; vous inscrivez votre enfant ensuite.")
            title = _("Demander à inscrire\u202f: %(offering)s") % {"offering": offering}
            yield Choice(title, told, reverse("ask_approval", args=[offering.slug]), "clipboard-check")


def _approving() -> Q:
    """What may ask for an approval, wherever it says so: `takes_approval` of the database."""
    asked = [{"kind": "approval"}]
    options = Option.objects.filter(requirements__contains=asked)
    windows = Q(windows__contains=[{"for": asked}])
    return Q(requirements__contains=asked) | windows | Q(id__in=options.values("offering_id"))


def _dated(option: Option, country: str) -> str:
    days = period(option.starts_on, option.ends_on, country=country)
    return _("%(option)s, %(days)s") % {"option": option, "days": days} if days else str(option)


def initial_child(children: Sequence[Participant], said: str) -> str:
    """`?enfant=`, when it is one of them."""
    return said if said in {str(child.id) for child in children} else ""
