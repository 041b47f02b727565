"""What staff do with an import: begin it, decide what is in doubt, confirm it, leave it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files import File
from django.db import IntegrityError, transaction

from kernel import ids
from kernel.database import lock_one
from kernel.tasks import nudge
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.imports import files, tasks
from tenant_apps.imports.errors import AnotherRuns, NotNow, RowsRefused
from tenant_apps.imports.models import ImportRun, State


@operation
def begin(
    *, layout: str, name: str, upload: "File[Any]", create_establishments: bool, actor: Actor, at: datetime
) -> ImportRun:
    """Keep the file and have it checked in the background."""
    run_id = ids.uuid7()
    run = ImportRun.objects.create(
        id=run_id,
        layout=layout,
        name=name[:200],
        path=files.keep_upload(run_id, upload),
        options={"create_establishments": create_establishments},
        begun_by=actor.user_id,
        created_at=at,
        due_at=at,
    )
    _record("imports.begun", run_id, actor, at)
    nudge(tasks.work)
    return run


@operation
def decide(*, run_id: UUID, decisions: Mapping[str, str], actor: Actor, at: datetime) -> None:
    """Say whose lines in doubt are, a participant's identifier or « new » by key, and check anew. Raises NotNow."""
    run = lock_one(ImportRun.objects.filter(id=run_id))
    known = {doubt["key"]: {"new", *(each["id"] for each in doubt["candidates"])} for doubt in run.doubts}
    sound = {key: said for key, said in decisions.items() if said in known.get(key, ())}
    options = {**run.options, "decisions": {**run.options.get("decisions", {}), **sound}}
    _move(run_id, State.CHECKING, at, options=options, rows_done=0, errors_path="")
    files.drop_after_commit(run.errors_path)
    _record("imports.decided", run_id, actor, at)
    nudge(tasks.work)


@operation
def confirm(*, run_id: UUID, skip_refused: bool, actor: Actor, at: datetime) -> None:
    """Have the checked file written, without its refused rows if staff say so.

    Raises NotNow, RowsRefused, AnotherRuns.
    """
    run = lock_one(ImportRun.objects.filter(id=run_id))
    if run.counts.get("refused") and not skip_refused:
        raise RowsRefused
    options = {**run.options, "skip_refused": skip_refused, "confirmed_by": str(actor.user_id)}
    try:
        with transaction.atomic():
            _move(run_id, State.RUNNING, at, options=options, rows_done=0)
    except IntegrityError:
        raise AnotherRuns from None
    _record("imports.confirmed", run_id, actor, at)
    nudge(tasks.work)


@operation
def cancel(*, run_id: UUID, actor: Actor, at: datetime) -> None:
    """Leave a file that has not been written. Raises NotNow."""
    run = ImportRun.objects.get(id=run_id)
    _move(run_id, State.CANCELLED, at, ended_at=at, old=[State.CHECKING, State.CHECKED])
    files.drop_after_commit(run.path)
    _record("imports.cancelled", run_id, actor, at)


def _move(run_id: UUID, new: str, at: datetime, *, old: Sequence[str] = (State.CHECKED,), **columns: Any) -> None:
    moved = ImportRun.objects.filter(id=run_id, state__in=old).update(state=new, attempts=0, due_at=at, **columns)
    if not moved:
        raise NotNow


def _record(action: str, run_id: UUID, actor: Actor, at: datetime) -> None:
    audit.record(action=action, subject="import", subject_id=run_id, actor=actor, at=at)
