"""Reads forms in the version that is in force, and how records stand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.db.models.functions import Coalesce

from kernel import clock
from tenant_apps.forms.models import Form, FormVersion, Purpose, Submission


class State(StrEnum):
    MISSING = "missing"
    EXPIRED = "expired"
    VALID = "valid"


@dataclass(frozen=True, slots=True)
class Standing:
    """How one participant's record stands. `until` is the last day that it holds, None for ever or for never."""

    form: Form
    state: State
    until: date | None = None
    last: Submission | None = None

    @property
    def is_valid(self) -> bool:
        return self.state is State.VALID


def current_version(form_id: UUID) -> FormVersion:
    """Raises FormVersion.DoesNotExist for a form that was never published."""
    return FormVersion.objects.select_related("form").filter(form_id=form_id).latest("number")


def profile_form() -> FormVersion:
    """The record that every participant has. Raises FormVersion.DoesNotExist where no preset gave one."""
    return FormVersion.objects.select_related("form").filter(form__purpose=Purpose.PROFILE).latest("number")


def record_form(key: str) -> FormVersion:
    """A record that may be filled in now. Raises FormVersion.DoesNotExist."""
    records = FormVersion.objects.select_related("form").filter(
        form__key=key, form__purpose=Purpose.RECORD, form__is_open=True
    )
    return records.latest("number")


def records_for_everyone() -> list[Form]:
    return list(Form.objects.filter(purpose=Purpose.RECORD, asks_everyone=True, is_open=True))


def standing(
    participant_ids: Iterable[UUID], form_ids: Iterable[UUID], *, at: datetime, zone: ZoneInfo
) -> dict[tuple[UUID, UUID], Standing]:
    """By participant and form, in two queries. What was submitted for a record since merged counts for the living one.

    A day of validity is the organisation's own, and the last one is included (S4-20).
    """
    people, forms = list(participant_ids), Form.objects.in_bulk(list(form_ids))
    found = _latest(people, forms)
    last = {(each.living_id, each.version.form_id): each for each in found}  # type: ignore[attr-defined]
    return {
        (person, form_id): _standing(form, last.get((person, form_id)), at=at, zone=zone)
        for person in people
        for form_id, form in forms.items()
    }


def _latest(people: list[UUID], forms: Iterable[UUID]) -> Iterable[Submission]:
    of_them = Q(participant_id__in=people) | Q(participant__merged_into_id__in=people)
    return (
        Submission.objects.filter(of_them, version__form_id__in=list(forms), decision="")
        .annotate(living_id=Coalesce("participant__merged_into_id", "participant_id"))
        .select_related("version", "signer")
        .defer("version__definition", "version__text", "version__translations")
        .order_by("living_id", "version__form_id", "-submitted_at", "-id")
        .distinct("living_id", "version__form_id")
    )


def _standing(form: Form, last: Submission | None, *, at: datetime, zone: ZoneInfo) -> Standing:
    if last is None:
        return Standing(form, State.MISSING)
    if form.validity_days is None:
        return Standing(form, State.VALID, last=last)
    until = clock.local_date(last.submitted_at, zone) + timedelta(days=form.validity_days)
    state = State.VALID if clock.local_date(at, zone) <= until else State.EXPIRED
    return Standing(form, state, until=until, last=last)
