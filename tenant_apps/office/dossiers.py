"""One participant as staff know them: who is responsible, what is asked of the family, what they take part in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from kernel import clock
from shared_apps.audit.models import Entry
from shared_apps.audit.trails import Words, told
from tenant_apps.families import queries as families
from tenant_apps.families.models import Guardianship, Participant
from tenant_apps.forms.models import Form, Purpose, Submission
from tenant_apps.office.family_words import WORDS
from tenant_apps.office.scope import Scope
from tenant_apps.registrations.models import Registration, Status

_TRAIL = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """A form and what the family last answered. `until`: the last moment of its validity, None for ever."""

    form: Form
    last: Submission | None
    until: datetime | None
    is_valid: bool


def links_of(participant: Participant) -> list[Guardianship]:
    """Whoever is responsible, and whoever is kept away, in the order they came."""
    links = Guardianship.objects.filter(participant=participant, guardian__merged_into=None)
    return list(links.select_related("guardian__user").order_by("is_blocked", "created_at", "id"))


def registrations_of(participant: Participant, scope: Scope) -> QuerySet[Registration]:
    """What was ever held or confirmed and not let go, newest first."""
    seen = scope.registrations().filter(participant=participant).exclude(status=Status.RELEASED)
    return seen.select_related("option__offering", "basket__guardian").order_by("-created_at", "-id")


def asked_of(participant_ids: Iterable[UUID], *, at: datetime, zone: ZoneInfo) -> list[Asked]:
    """The records, the consents asked of everyone, and whatever else was answered about this one participant."""
    said = Submission.objects.filter(participant_id__in=list(participant_ids)).select_related("version__form", "signer")
    last = {each.version.form_id: each for each in said.order_by("submitted_at", "id")}
    asked = Form.objects.filter(
        Q(purpose=Purpose.RECORD) | Q(purpose=Purpose.CONSENT, asks_everyone=True) | Q(pk__in=last), is_open=True
    )
    return [_asked(form, last.get(form.pk), at, zone) for form in asked.exclude(purpose=Purpose.REGISTRATION)]


def trail_of(ids: Iterable[UUID], *, subject: str = "participant", words: Words = WORDS) -> list[dict[str, object]]:
    """What was done about the record and those merged into it, newest first."""
    entries = Entry.objects.filter(subject=subject, subject_id__in=list(ids)).order_by("-at", "-id")
    return told(entries[:_TRAIL], words)


def everyone_in(participant: Participant) -> list[UUID]:
    return families.everyone_in(participant.pk)


def _asked(form: Form, last: Submission | None, at: datetime, zone: ZoneInfo) -> Asked:
    if last is None or form.validity_days is None:
        return Asked(form, last, None, last is not None)
    day = clock.local_date(last.submitted_at, zone) + timedelta(days=form.validity_days)
    until = clock.end_of_day(day, zone)
    return Asked(form, last, until - timedelta(seconds=1), at < until)
