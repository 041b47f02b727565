"""What a participant must have before being registered: forms filled in, and still valid (S4-24)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from tenant_apps.catalog.models import Offering
from tenant_apps.catalog.reasons import Code, Reason
from tenant_apps.families.models import Participant
from tenant_apps.forms import building
from tenant_apps.forms import queries as forms
from tenant_apps.forms.models import Form, FormVersion, Purpose
from tenant_apps.forms.queries import Standing, State


class UnknownRequirement(LookupError):
    """An offering asks for what does not exist: nobody could ever have it."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of several participants for several offerings, read at once."""

    forms: Mapping[str, Form] = field(default_factory=dict)
    standings: Mapping[tuple[UUID, UUID], Standing] = field(default_factory=dict)
    profile: FormVersion | None = None


def facts(offerings: Iterable[Offering], participants: Iterable[Participant], *, at: datetime, zone: ZoneInfo) -> Facts:
    """In four queries at most, however many there are; in none where nothing is required."""
    keys = {each["form"] for offering in offerings for each in offering.requirements if each["kind"] == "form"}
    people = [participant.id for participant in participants]
    if not keys or not people:
        return Facts()
    found = {form.key: form for form in Form.objects.filter(key__in=keys)}
    records = [form.id for form in found.values() if form.purpose == Purpose.RECORD]
    asks_profile = any(form.purpose == Purpose.PROFILE for form in found.values())
    return Facts(
        forms=found,
        standings=forms.standing(people, records, at=at, zone=zone) if records else {},
        profile=forms.profile_form() if asks_profile else None,
    )


def unmet(offering: Offering, participant: Participant, known: Facts) -> list[Reason]:
    """A reason for each that is not met, in the order of the offering."""
    found = (_KINDS[each["kind"]](each, participant, known) for each in offering.requirements)
    return [reason for reason in found if reason is not None]


def check(requirements: Sequence[Mapping[str, Any]]) -> None:
    """Raises UnknownRequirement."""
    for each in requirements:
        if each.get("kind") not in _KINDS or not Form.objects.filter(key=each.get("form", "")).exists():
            raise UnknownRequirement(f"no requirement is met by {dict(each)}")


def _form(requirement: Mapping[str, Any], participant: Participant, known: Facts) -> Reason | None:
    form = known.forms.get(requirement["form"])
    if form is None:
        return None
    values = {"first_name": participant.shown_name, "form": form.shown_title, "form_key": form.key}
    if form.purpose == Purpose.PROFILE:
        is_complete = known.profile is None or not building.gaps_of(known.profile, participant)
        return None if is_complete else Reason(Code.FORM_MISSING, values)
    standing = known.standings[(participant.id, form.id)]
    if standing.state is State.EXPIRED:
        return Reason(Code.FORM_EXPIRED, {**values, "until": standing.until})
    return Reason(Code.FORM_MISSING, values) if standing.state is State.MISSING else None


_KINDS: dict[str, Callable[[Mapping[str, Any], Participant, Facts], Reason | None]] = {"form": _form}
