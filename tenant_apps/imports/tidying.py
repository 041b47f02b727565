"""Forgets what the files said of children, once it serves no more: privacy.terms says when."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import SYSTEM
from tenant_apps.imports import files
from tenant_apps.imports.models import ImportRun, State

# A checked file that nobody confirms; a file that no row names.
UNCONFIRMED = timedelta(days=7)
_ORPHANS = timedelta(days=1)
_ENDED = [State.DONE, State.FAILED, State.CANCELLED]
_NOTHING = {"preview": [], "errors": [], "doubts": [], "path": "", "errors_path": ""}


@operation
def tidy(*, at: datetime) -> None:
    for run in ImportRun.objects.filter(state=State.CHECKED, created_at__lt=at - UNCONFIRMED):
        if ImportRun.objects.filter(pk=run.pk, state=State.CHECKED).update(state=State.CANCELLED, ended_at=at):
            audit.record(action="imports.cancelled", subject="import", subject_id=run.pk, actor=SYSTEM, at=at)
    at_work = ImportRun.objects.exclude(state__in=_ENDED).values_list("path", flat=True)
    told = ImportRun.objects.exclude(errors_path="").values_list("errors_path", flat=True)
    files.drop_after_commit(*({*files.kept(before=at - _ORPHANS)} - {*at_work} - {*told}))


def telling(*, ended_before: datetime) -> QuerySet[ImportRun]:
    """Those that are over and still have rows or files."""
    return ImportRun.objects.filter(state__in=_ENDED, ended_at__lt=ended_before).exclude(**_NOTHING)


@operation
def forget_details(*, runs: QuerySet[ImportRun]) -> int:
    """That they were, when, and how many rows stays. Returns how many were emptied."""
    paths = [path for pair in runs.values_list("path", "errors_path") for path in pair]
    files.drop_after_commit(*paths)
    return runs.update(**_NOTHING)
