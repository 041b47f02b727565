"""Each hour: closes the organisations whose day has come, and reminds of the days that are near."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

import structlog

from kernel.database import lock_one
from kernel.transactions import operation
from tenants.context import in_registry
from tenants.leaving.departing import tell, today_of
from tenants.leaving.registries import CLOSING
from tenants.models import SERVED, Departure, State, SuspendedFor
from tenants.operations.suspend import suspend

logger = structlog.get_logger(__name__)

_REMINDED_DAYS_BEFORE = (7, 1)
_ERASABLE = (State.SUSPENDED, State.ERASING)


def advance(*, at: datetime) -> int:
    """Close those whose day has come, and remind of the days to come. Returns how many are to be erased now."""
    with in_registry():
        open_ones = Departure.objects.filter(cancelled_at=None, erased_at=None).order_by("asked_at", "id")
        departures = list(open_ones.select_related("organisation"))
    return sum(_advance_alone(each, at) for each in departures)


def due_for_erasure(*, at: datetime) -> Iterator[Departure]:
    with in_registry():
        closed = Departure.objects.filter(cancelled_at=None, erased_at=None, organisation__state__in=_ERASABLE)
        found = list(closed.select_related("organisation").order_by("erases_on", "id"))
    yield from (each for each in found if each.erases_on <= today_of(each.organisation, at))


def _advance_alone(departure: Departure, at: datetime) -> bool:
    try:
        return _advance(departure, at)
    except Exception:
        # Asked again in an hour: one that fails keeps no other from its day.
        logger.exception("leaving.not_advanced", organisation=departure.organisation.slug)
        return False


def _advance(departure: Departure, at: datetime) -> bool:
    organisation, today = departure.organisation, today_of(departure.organisation, at)
    if organisation.state not in SERVED:
        return False
    if today < departure.closes_on:
        _remind(departure_id=departure.pk, step="closing", day=departure.closes_on, today=today, at=at)
        return False
    _close(departure_id=departure.pk, at=at)
    _end_service(departure, at)
    _remind(departure_id=departure.pk, step="erasing", day=departure.erases_on, today=today, at=at)
    return departure.erases_on <= today


@operation
def _close(*, departure_id: UUID, at: datetime) -> None:
    with in_registry():
        departure = lock_one(Departure.objects.filter(pk=departure_id).select_related("organisation"))
        if departure.cancelled_at or not _marked(departure, "closed"):
            return
        suspend(organisation_id=departure.organisation_id, reason=SuspendedFor.LEAVING, at=at)
    tell(departure.organisation, departure, "closed", at)


@operation
def _remind(*, departure_id: UUID, step: str, day: date, today: date, at: datetime) -> None:
    """The nearest of the reminders that are due, once; those before it are no use any more."""
    due = [days for days in _REMINDED_DAYS_BEFORE if day - timedelta(days=days) <= today < day]
    if not due:
        return
    with in_registry():
        departure = lock_one(Departure.objects.filter(pk=departure_id).select_related("organisation"))
        if departure.cancelled_at or not _marked(departure, f"{step}:{min(due)}"):
            return
    tell(departure.organisation, departure, step, at, key=f"{step}:{min(due)}")


def _end_service(departure: Departure, at: datetime) -> None:
    for name, end in CLOSING:
        step = f"ended:{name}"
        with in_registry():
            if step in Departure.objects.values_list("reminded", flat=True).get(pk=departure.pk):
                continue
            try:
                end(departure.organisation_id, at)
            except Exception:
                # Asked again in an hour: the day of the organisation does not wait for the processor.
                logger.exception("leaving.not_ended", name=name, organisation=departure.organisation.slug)
                continue
        _mark(departure_id=departure.pk, step=step)


@operation
def _mark(*, departure_id: UUID, step: str) -> None:
    with in_registry():
        _marked(lock_one(Departure.objects.filter(pk=departure_id)), step)


def _marked(departure: Departure, step: str) -> bool:
    """False where it was marked before; the caller holds the row."""
    if step in departure.reminded:
        return False
    departure.reminded = [*departure.reminded, step]
    departure.save(update_fields=["reminded"])
    return True
