"""Brings one organisation back to a moment, while the others go on."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.conf import settings
from django.core.cache import caches
from django.db import transaction

from kernel import clock, wordless
from kernel.database import connection
from kernel.errors import Refusal
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import SYSTEM
from tenants.cache import ForgivingRedisCache
from tenants.context import in_organisation, in_registry
from tenants.models import UNDER_WAY, Organisation, Restore, WorkState
from tenants.restoring import claiming, exchanging, loading, rooms, side
from tenants.restoring.errors import TooLateToAbandon

RESTORED = "organisation.restored"

log = structlog.get_logger(__name__)

Tell = Callable[[str], object]


def restore(*, organisation_id: UUID, moment: datetime, asked_by: str, side_url: str = "", tell: Tell) -> Restore:
    """Begin, or go on where it was interrupted. What fails before the tables are exchanged leaves all as it was.

    Raises what `claiming.begin` does, NotThere, NoSide, NotLoaded, and whatever a step of a room raises: then the
    organisation stays closed, and the same command goes on.
    """
    with claiming.alone(organisation_id):
        found = claiming.begin(organisation_id=organisation_id, moment=moment, asked_by=asked_by, at=clock.now())
        began = time.monotonic()
        if found.step in (claiming.BEGUN, claiming.LOADED):
            try:
                _bring(found, side_url, began, tell)
            except BaseException as error:
                _undo(found, error)
                raise
        try:
            _go_on(found, tell)
        except Exception as error:
            _say(found, error)
            raise
        _finish(found, began, tell)
        return found


def abandon(*, organisation_id: UUID) -> Restore | None:
    """Undo one that was interrupted before the tables were exchanged. None where there is none. Raises AtWork."""
    with claiming.alone(organisation_id), in_registry():
        found = Restore.objects.filter(organisation_id=organisation_id, state__in=UNDER_WAY).first()
        if found is None:
            return None
        if found.step not in (claiming.BEGUN, claiming.LOADED):
            raise TooLateToAbandon
        _undo(found, None)
        return found


def _bring(found: Restore, side_url: str, began: float, tell: Tell) -> None:
    if found.step == claiming.BEGUN:
        tell("A copy of the database as it was")
        with side.database_at(found.moment, url=side_url) as url:
            tell("The tables of that moment, into the live database")
            loading.load(found, side_url=url)
        with in_registry():
            claiming.note(found, claiming.LOADED)
    # Requests and tasks that began before, and wait for somebody else, are over by then.
    time.sleep(max(0.0, settings.RESTORE_DRAIN_SECONDS - (time.monotonic() - began)))
    tell("The tables change places")
    exchanging.exchange(found)


def _undo(found: Restore, error: BaseException | None) -> None:
    connection.close_if_unusable_or_obsolete()
    loading.drop(loading.draft_of(found))
    claiming.give_back(found, WorkState.FAILED, at=clock.now(), error=_in_words(error) if error else "abandoned")


def _say(found: Restore, error: Exception) -> None:
    """Why it stopped, where operators see it; the organisation stays closed."""
    connection.close_if_unusable_or_obsolete()
    with in_registry():
        Restore.objects.filter(pk=found.pk).update(error=_in_words(error))


def _in_words(error: BaseException) -> str:
    """Where operators read it: no word of a row, which the database repeats in its errors."""
    if isinstance(error, Refusal | side.NoSide):
        return f"{type(error).__name__}: {error}"[:2000]
    return wordless.reason(error)


def _go_on(found: Restore, tell: Tell) -> None:
    with in_registry():
        organisation = Organisation.objects.get(pk=found.organisation_id)
    scene = rooms.Scene(
        organisation=organisation,
        moment=found.moment,
        since=found.moment + _moved_by(),
        at=clock.now(),
        wrecked=found.report["wrecked"],
    )
    for name, step in rooms.in_turn():
        if name in found.report["done"]:
            continue
        tell(name)
        with in_organisation(organisation):
            told = step.run(scene)
        with in_registry():
            claiming.note(found, name, done={**found.report["done"], name: told})


def _finish(found: Restore, began: float, tell: Tell) -> None:
    with in_organisation(found.organisation):
        _record(found)
        cache = caches["default"]
        if isinstance(cache, ForgivingRedisCache):
            cache.forget_organisation()
    found.report = {**found.report, "seconds": round(time.monotonic() - began, 1)}
    found.step = ""
    claiming.give_back(found, WorkState.DONE, at=clock.now())
    log.info("organisation_restored", organisation=found.organisation.slug, moment=found.moment.isoformat())
    tell("In service")


def _record(found: Restore) -> None:
    audit.record(
        action=RESTORED,
        subject="organisation",
        subject_id=found.organisation_id,
        actor=SYSTEM,
        at=clock.now(),
        details={"moment": found.moment.isoformat(), "restore": str(found.pk)},
    )


def _moved_by() -> timedelta:
    """How far the application's clock is from the database's, where it can be moved."""
    with in_registry(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        [now] = cursor.fetchone()
    moved = clock.now() - now
    return moved if abs(moved) > timedelta(seconds=60) else timedelta()
