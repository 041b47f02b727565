"""Who takes part in an offering, what there is left of it, and who has agreed."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.functional import Promise

from tenant_apps.catalog.models import Offering, Option
from tenant_apps.forms import consents
from tenant_apps.forms.consents import State
from tenant_apps.forms.models import Submission
from tenant_apps.registrations import queries as registrations
from tenant_apps.registrations.models import Places, Registration
from tenant_apps.registrations.states import TAKING

CONSENT_WORDS: dict[str, str | Promise] = {state.value: state.label for state in State}


@dataclass(frozen=True, slots=True)
class OptionPlaces:
    """`capacity` and `left` are None where places are unlimited; `set_aside` are free, for the waiting list alone."""

    option: Option
    taken: int
    capacity: int | None
    left: int | None
    set_aside: int

    @property
    def name(self) -> str:
        return self.option.name

    @property
    def offering(self) -> Offering:
        return self.option.offering


@dataclass(frozen=True, slots=True)
class Line:
    """`consent` is a state, and empty where nothing is asked; `signed` says by whom and when."""

    registration: Registration
    consent: str
    signed: Submission | None

    @property
    def consent_words(self) -> str | Promise:
        return CONSENT_WORDS.get(self.consent, "")


def options_of(offering: Offering, *, at: datetime) -> list[OptionPlaces]:
    return with_places(offering.options.all(), at=at)


def with_places(options: Iterable[Option], *, at: datetime) -> list[OptionPlaces]:
    """In two questions, however many options there are."""
    options = list(options)
    counts = {row.option_id: row for row in Places.objects.filter(option_id__in=[option.pk for option in options])}
    left = registrations.places_left([option.pk for option in options], at=at)
    return [
        OptionPlaces(
            option=option,
            taken=counts[option.pk].taken if option.pk in counts else 0,
            capacity=counts[option.pk].capacity if option.pk in counts else None,
            left=left.get(option.pk),
            set_aside=counts[option.pk].set_aside if option.pk in counts else 0,
        )
        for option in options
    ]


def lines_of(offering: Offering, seen: QuerySet[Registration], *, at: datetime, zone: ZoneInfo) -> list[Line]:
    """Those of `seen` that keep a place in the offering, by name."""
    found = list(
        seen.filter(option__offering=offering, status__in=TAKING)
        .select_related(
            "participant__establishment",
            "participant__level",
            "option",
            "basket__guardian",
            "submission__version",
            "submission__sealed",
        )
        .order_by("participant__search_text", "participant_id", "option__position")
    )
    if offering.consent_form_id is None:
        return [Line(registration, "", None) for registration in found]
    people = {registration.participant_id for registration in found}
    said = consents.standings([offering.consent_form_id], people, at=at, zone=zone)
    standings = [said.of(offering.consent_form_id, registration.participant_id) for registration in found]
    return [Line(each, standing.state.value, standing.word) for each, standing in zip(found, standings, strict=True)]


def consent_counts(lines: Iterable[Line]) -> Counter[str]:
    """How many participants said yes, no or nothing, each counted once."""
    return Counter({line.registration.participant_id: line.consent for line in lines}.values())
