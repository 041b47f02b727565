"""The background's side of imports: checks the files that wait, and applies those that staff have confirmed."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from typing import IO, Any, cast
from uuid import UUID

import structlog
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet

from kernel import clock, leases
from kernel.transactions import operation
from shared_apps.accounts.models import User
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import SYSTEM, Actor
from tenant_apps.families.operations import bulk
from tenant_apps.imports import files, oneroster, progress, simple
from tenant_apps.imports.errors import BadFile
from tenant_apps.imports.findings import Findings
from tenant_apps.imports.going import Going
from tenant_apps.imports.models import ImportRun, Layout, State
from tenant_apps.imports.sources import Reader
from tenant_apps.imports.terms import terms_of
from tenant_apps.organisation import queries as organisation

log = structlog.get_logger(__name__)

LAST_ATTEMPT = 3
_READERS: dict[str, Reader] = {Layout.SIMPLE: simple.read, Layout.ONEROSTER: oneroster.read}


class _Stale(Exception):
    """Rows are refused that nobody has seen refused: what they meet has changed since the check."""


class _Lost(Exception):
    """The run was cancelled, or another worker has it: whatever this one found is not wanted any more."""


def work(*, at: datetime) -> None:
    """Whatever waits. What a worker leaves when it dies is begun anew once its lease has run out."""
    for run in leases.claimed(_waiting(), at=at):
        try:
            _advance(run)
        except _Lost:
            log.info("imports.left", run=str(run.id))
        except Exception:
            log.exception("imports.failed", run=str(run.id), attempt=run.attempts)
            _put_off(run)


def _waiting() -> QuerySet[ImportRun]:
    """Those at work are locked by who writes them, however long it takes: nobody waits for them."""
    with transaction.atomic():
        worked = ImportRun.objects.filter(state__in=[State.CHECKING, State.RUNNING])
        free = list(worked.select_for_update(skip_locked=True).values_list("pk", flat=True))
    return worked.filter(pk__in=free)


def _advance(run: ImportRun) -> None:
    if run.attempts > LAST_ATTEMPT:
        _end(run, State.FAILED, at=clock.now())
        return
    try:
        if run.state == State.CHECKING:
            _check(run)
        else:
            _apply(run=run, at=clock.now())
    except BadFile as bad:
        _end(run, State.FAILED, at=clock.now(), errors=[bad.fault._asdict()], error_count=1)
    except _Stale:
        _own(run).update(state=State.CHECKING, attempts=0, due_at=clock.now(), rows_done=0)


def _check(run: ImportRun) -> None:
    def tell(done: int) -> None:
        kept = _own(run).update(rows_done=done, due_at=clock.now() + leases.LEASE)
        if not kept:
            raise _Lost

    with _gone_through(run, clock.now(), lambda going: going.check(tell)) as findings:
        path = files.keep_faults(run.id, findings.all_faults) if findings.fault_count else ""
        kept = _own(run).update(
            state=State.CHECKED, errors_path=path, rows=sum(_lines(findings)), attempts=0, **_found(findings)
        )
    if not kept:
        files.drop(path)
        raise _Lost


@operation
def _apply(*, run: ImportRun, at: datetime) -> None:
    """All of it or nothing: one transaction, whose end makes it visible to everybody at once."""
    # The row is locked until then: no other worker begins the same, however long this takes.
    if not _own(run).update(due_at=at + leases.LEASE):
        raise _Lost
    actor = _confirmed_by(run)
    details = {"import": str(run.id)}

    def write_all(going: Going) -> Findings:
        def write(batch: bulk.Batch) -> None:
            going.establishments.write()
            bulk.write(batch=batch, details=details, actor=actor, at=at)

        return going.apply(lambda done: progress.tell(run.id, done), lock=bulk.locked, write=write)

    with _gone_through(run, at, write_all) as findings:
        if findings.counts["refused"] and not run.options.get("skip_refused"):
            raise _Stale
        done = sum(_lines(findings))
        _own(run).update(
            state=State.DONE, ended_at=at, rows=done, rows_done=done, counts=dict(findings.counts), doubts=[]
        )
    audit.record(
        action="imports.applied",
        subject="import",
        subject_id=run.id,
        actor=actor,
        at=at,
        details=dict(findings.counts),
    )
    files.drop_after_commit(run.path)


@contextmanager
def _gone_through(run: ImportRun, at: datetime, go: Callable[[Going], Findings]) -> Iterator[Findings]:
    """What `go` finds in the run's file. Raises BadFile."""
    profile = organisation.profile()
    language = (profile.languages or ["fr"])[0]
    with _opened(run) as file:
        source = _READERS[run.layout](file, replace(terms_of(profile, at=at), name=run.name))
        _own(run).update(rows=source.total)
        going = Going(source, options=run.options, language=language, at=at)
        with closing(going.findings):
            go(going)
            run.source = {"ignored": source.ignored}
            _own(run).update(source=run.source)
            yield going.findings


@contextmanager
def _opened(run: ImportRun) -> Iterator[IO[bytes]]:
    with default_storage.open(run.path, "rb") as file:
        yield cast("IO[bytes]", file.file)  # what Django wraps: its own reading is many times slower


def _own(run: ImportRun) -> QuerySet[ImportRun]:
    """The row, as long as nobody else has taken it since this worker did."""
    return ImportRun.objects.filter(pk=run.pk, state=run.state, attempts=run.attempts)


def _found(findings: Findings) -> dict[str, Any]:
    return {
        "counts": dict(findings.counts),
        "errors": findings.faults,
        "error_count": findings.fault_count,
        "doubts": findings.doubts,
        "preview": findings.preview,
    }


def _lines(findings: Findings) -> Iterator[int]:
    return (findings.counts[kind] for kind in ("new", "changed", "unchanged", "gone", "unknown_leavers", "refused"))


def _put_off(run: ImportRun) -> None:
    if run.attempts >= LAST_ATTEMPT:
        _end(run, State.FAILED, at=clock.now())
    else:
        _own(run).update(due_at=leases.next_try(run.attempts, at=clock.now()))


def _end(run: ImportRun, state: str, *, at: datetime, **columns: Any) -> None:
    if _own(run).update(state=state, ended_at=at, **columns):
        audit.record(action=f"imports.{state}", subject="import", subject_id=run.id, actor=SYSTEM, at=at)
        files.drop(run.path)


def _confirmed_by(run: ImportRun) -> Actor:
    user = User.objects.filter(pk=UUID(run.options["confirmed_by"])).first()
    return Actor(kind="staff", user_id=user.id, label=str(user)) if user else SYSTEM
