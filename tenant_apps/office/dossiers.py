"""One participant as staff know them: who is responsible, what is asked of the family, what they take part in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from shared_apps.audit.models import Entry
from shared_apps.audit.trails import Words, told
from tenant_apps.families import queries as families
from tenant_apps.families.models import Guardianship, Participant
from tenant_apps.forms import consents
from tenant_apps.forms import queries as forms
from tenant_apps.forms.models import Form, Purpose
from tenant_apps.office.family_words import WORDS
from tenant_apps.office.scope import Scope
from tenant_apps.registrations.models import Registration, Status

_TRAIL = 50


@dataclass(frozen=True, slots=True)
class Agreed:
    """An authorization, and how it stands for the participant."""

    form: Form
    standing: consents.Standing


def links_of(participant: Participant) -> list[Guardianship]:
    """Whoever is responsible, and whoever is kept away, in the order they came."""
    links = Guardianship.objects.filter(participant=participant, guardian__merged_into=None)
    return list(links.select_related("guardian__user").order_by("is_blocked", "created_at", "id"))


def registrations_of(participant: Participant, scope: Scope) -> QuerySet[Registration]:
    """What was ever held or confirmed and not let go, newest first."""
    seen = scope.registrations().filter(participant=participant).exclude(status=Status.RELEASED)
    return seen.select_related("option__offering", "basket__guardian").order_by("-created_at", "-id")


def records_of(participant: Participant, *, at: datetime, zone: ZoneInfo) -> list[forms.Standing]:
    """How each record stands, whoever asks for it."""
    open_records = Form.objects.filter(purpose=Purpose.RECORD, is_open=True).values_list("pk", flat=True)
    found = forms.standing([participant.pk], list(open_records), at=at, zone=zone).values()
    return sorted(found, key=lambda each: (each.form.position, each.form.shown_title))


def consents_of(participant: Participant, *, at: datetime, zone: ZoneInfo) -> list[Agreed]:
    """The authorizations asked of every family, and those that were answered about this participant."""
    said = consents.standings_of([participant.pk], at=at, zone=zone)
    answered = Form.objects.filter(pk__in=[form_id for form_id, _person in said.by_pair])
    asked = {form.pk: form for form in (*consents.for_everyone(), *answered)}
    return [Agreed(form, said.of(form.pk, participant.pk)) for form in asked.values()]


def trail_of(ids: Iterable[UUID], *, subject: str = "participant", words: Words = WORDS) -> list[dict[str, object]]:
    """What was done about the record and those merged into it, newest first."""
    entries = Entry.objects.filter(subject=subject, subject_id__in=list(ids)).order_by("-at", "-id")
    return told(entries[:_TRAIL], words)


def everyone_in(participant: Participant) -> list[UUID]:
    return families.everyone_in(participant.pk)
