"""Who takes part in an offering, what there is left of it, and who has agreed."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenant_apps.catalog.models import Offering, Option
from tenant_apps.forms.models import Decision, Submission
from tenant_apps.registrations import queries as registrations
from tenant_apps.registrations.models import Places, Registration
from tenant_apps.registrations.states import TAKING

SILENT = "silent"
CONSENT_WORDS: dict[str, str | Promise] = {
    Decision.YES: _("Oui"),
    Decision.NO: _("Non"),
    SILENT: _("Sans réponse"),
}


@dataclass(frozen=True, slots=True)
class OptionPlaces:
    """`capacity` and `left` are None where places are unlimited."""

    option: Option
    taken: int
    capacity: int | None
    left: int | None

    @property
    def name(self) -> str:
        return self.option.name

    @property
    def offering(self) -> Offering:
        return self.option.offering


@dataclass(frozen=True, slots=True)
class Line:
    """`consent` is yes, no or silent, and empty where nothing is asked; `signed` says by whom and when."""

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
        )
        for option in options
    ]


def lines_of(offering: Offering, seen: QuerySet[Registration]) -> list[Line]:
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
        .order_by("participant__last_name", "participant__first_name", "option__position")
    )
    signatures = _signatures(offering.consent_form_id, [registration.participant_id for registration in found])
    asked = SILENT if offering.consent_form_id else ""
    return [_line(registration, signatures.get(registration.participant_id), asked) for registration in found]


def consent_counts(lines: Iterable[Line]) -> Counter[str]:
    """How many participants said yes, no or nothing, each counted once."""
    return Counter({line.registration.participant_id: line.consent for line in lines}.values())


def _line(registration: Registration, signed: Submission | None, asked: str) -> Line:
    return Line(registration, signed.decision if signed else asked, signed)


def _signatures(form_id: UUID | None, participant_ids: Sequence[UUID]) -> dict[UUID, Submission]:
    """The last word about each participant: a change of mind is another submission."""
    if form_id is None:
        return {}
    said = Submission.objects.filter(version__form_id=form_id, participant_id__in=participant_ids).exclude(decision="")
    return {submission.participant_id: submission for submission in said.order_by("submitted_at", "id")}
