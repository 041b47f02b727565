"""« Fiches modifiées »: what families changed in a child's record, for those who care for the child."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kernel import clock
from shared_apps.accounts.access import recently, staff
from shared_apps.audit.models import Entry
from tenant_apps.families.models import Participant
from tenant_apps.forms.models import Purpose, Submission
from tenant_apps.office import acquaintance
from tenant_apps.office.answers import Answer, Answers
from tenant_apps.office.health import READ, record_reading
from tenant_apps.office.pages import page
from tenant_apps.office.scope import HEALTH, Scope, of_request
from tenant_apps.organisation.context import profile_of

_SHOWN_FOR = timedelta(days=30)
_MOST_SHOWN = 200
_SUBJECT = "record_changes"


@dataclass(frozen=True, slots=True)
class Changed:
    """`answers`: as they are now, of the questions that were answered otherwise. `emptied`: those without any."""

    submission: Submission
    participant: Participant
    answers: list[Answer]
    emptied: list[str]
    is_new: bool


@staff(*HEALTH)
@recently("health")
@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """Those of the last thirty days; marked, those since the reader was last here."""
    seen_at = _last_visit(request)
    reader = Answers(profile_of(request), with_health=True)
    found = [_changed(each, reader, seen_at) for each in _submissions(of_request(request))]
    record_reading(
        request,
        subject=_SUBJECT,
        subject_id=None,
        participants={each.participant.id for each in found},
        reason="changes",
    )
    return page(request, "office/changes.html", {"changes": found}, section="changes")


def _submissions(scope: Scope) -> Iterable[Submission]:
    seen = acquaintance.participants(scope).filter(removed_at=None).values("pk")
    changed = Submission.objects.filter(
        Q(participant__in=seen) | Q(participant__merged_into__in=seen),
        version__form__purpose=Purpose.RECORD,
        submitted_at__gte=clock.now() - _SHOWN_FOR,
    ).exclude(changed=[])
    related = (
        "version__form",
        "sealed",
        "participant__merged_into",
        "participant__establishment",
        "participant__level",
    )
    return changed.select_related(*related).order_by("-submitted_at", "-id")[:_MOST_SHOWN]


def _changed(submission: Submission, reader: Answers, seen_at: datetime | None) -> Changed:
    participant = submission.participant.merged_into or submission.participant
    now = reader.of(submission, participant)
    labels = {column.key: column.label for column in reader.columns([submission])}
    # The details of a box are told with the box.
    keys = list(dict.fromkeys(key.removesuffix("_details") for key in submission.changed))
    return Changed(
        submission=submission,
        participant=participant,
        answers=[now[key] for key in keys if key in now],
        emptied=[labels[key] for key in keys if key not in now and key in labels],
        is_new=seen_at is None or submission.submitted_at > seen_at,
    )


def _last_visit(request: HttpRequest) -> datetime | None:
    mine: Any = Entry.objects.filter(action=READ, subject=_SUBJECT, actor_id=request.user.pk).order_by("-at")
    return mine.values_list("at", flat=True).first()  # type: ignore[no-any-return]
