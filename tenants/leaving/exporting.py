"""Makes the exports that were asked for, one at a time for each organisation; they are kept a few days."""

from datetime import datetime, timedelta
from tempfile import TemporaryFile

import structlog
from django.core.files import File
from django.core.files.storage import default_storage
from django.db.models import F, QuerySet

from kernel import clock, leases
from tenants.context import in_organisation, in_registry
from tenants.leaving import export, files, sealed
from tenants.leaving.archive import Zipped
from tenants.models import PROVISIONED, UNDER_WAY, Export, WorkState

logger = structlog.get_logger(__name__)

KEPT = timedelta(days=7)
MOST_ATTEMPTS = 5


class TakenOver(Exception):
    """Another worker took this export for abandoned and has begun it again."""


def make_due(*, at: datetime) -> int:
    """Make the exports that wait, or whose worker is gone. Returns how many were made."""
    with in_registry():
        waiting = Export.objects.filter(state__in=UNDER_WAY, organisation__state__in=PROVISIONED)
        return sum(_make(each) for each in leases.claimed(waiting.select_related("organisation"), at=at))


def forget_old(*, at: datetime) -> int:
    """Delete the files that have been kept long enough. Returns how many."""
    with in_registry():
        old = list(Export.objects.filter(state=WorkState.DONE, expires_at__lte=at).select_related("organisation"))
        for each in old:
            with in_organisation(each.organisation):
                files.delete_all(_folder(each))
            Export.objects.filter(pk=each.pk).update(state=WorkState.EXPIRED, path="")
    return len(old)


def _make(claimed: Export) -> bool:
    own = Export.objects.filter(pk=claimed.pk, state__in=UNDER_WAY, attempts=claimed.attempts)
    if claimed.attempts > MOST_ATTEMPTS:
        own.update(state=WorkState.FAILED, finished_at=clock.now())
        return False
    own.update(state=WorkState.RUNNING, started_at=clock.now(), error="")
    try:
        path, size, sha256 = _written(claimed, own)
    except TakenOver:
        return False
    except Exception as error:
        logger.exception("leaving.export_failed", export=str(claimed.pk))
        # Its kind alone: the words of an error may name a person.
        own.update(error=type(error).__name__, due_at=leases.next_try(claimed.attempts, at=clock.now()))
        return False
    at = clock.now()
    return bool(
        own.update(
            state=WorkState.DONE,
            path=path,
            size=size,
            sha256=sha256,
            finished_at=at,
            expires_at=at + KEPT,
            done=F("total"),
        )
    )


def _written(claimed: Export, own: QuerySet[Export]) -> tuple[str, int, str]:
    with in_organisation(claimed.organisation), TemporaryFile() as file:
        # What a worker that died left behind.
        files.delete_all(_folder(claimed))
        sealing = sealed.Sealing(file, claimed.pk)
        target = Zipped(sealing)
        export.write(
            organisation=claimed.organisation,
            target=target,
            at=clock.now(),
            told=lambda step, done, total: _tell(own, step, done, total),
        )
        target.close()
        sealing.finish()
        file.seek(0)
        path = default_storage.save(f"{_folder(claimed)}/{claimed.attempts}.zip", File(file))
        return path, sealing.size, sealing.sha.hexdigest()


def _tell(own: QuerySet[Export], step: str, done: int, total: int) -> None:
    with in_registry():
        if not own.update(step=step, done=done, total=total, due_at=clock.now() + leases.LEASE):
            raise TakenOver


def _folder(export: Export) -> str:
    return f"{files.EXPORTS}/{export.pk}"
