"""Shows an offering to families, now or from a moment on, and takes it away from them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from kernel.states import sources
from kernel.transactions import operation
from shared_apps.audit.actors import Actor
from tenant_apps.catalog import history
from tenant_apps.catalog.errors import NoSuchMove, NotReady
from tenant_apps.catalog.models import Offering, Status
from tenant_apps.catalog.operations import wholeness
from tenant_apps.catalog.operations.offerings import locked
from tenant_apps.catalog.states import MOVES


@operation
def publish(*, offering_id: UUID, publishes_at: datetime | None = None, actor: Actor, at: datetime) -> Offering:
    """From now on, or from `publishes_at`. Publishing twice is publishing once. Raises NotReady, NoSuchMove."""
    offering = locked(offering_id)
    if found := wholeness.of(offering, at=publishes_at or at):
        raise NotReady(found)
    return _move(offering, Status.PUBLISHED, actor, at, publishes_at=publishes_at)


@operation
def withdraw(*, offering_id: UUID, actor: Actor, at: datetime) -> Offering:
    """Back to a draft: families no longer see it; who is registered stays so. Raises NoSuchMove."""
    return _move(locked(offering_id), Status.DRAFT, actor, at, publishes_at=None)


@operation
def archive(*, offering_id: UUID, actor: Actor, at: datetime) -> Offering:
    """Put away; its registrations and its accounts stay. Raises NoSuchMove."""
    return _move(locked(offering_id), Status.ARCHIVED, actor, at)


def _move(offering: Offering, to: Status, actor: Actor, at: datetime, **columns: Any) -> Offering:
    before = history.state(offering)
    moved = {"status": to, **columns}
    if all(before[name] == history.plain(value) for name, value in moved.items()):
        return offering
    if not Offering.objects.filter(pk=offering.pk, status__in=sources(MOVES, to)).update(**moved):
        raise NoSuchMove
    for name, value in moved.items():
        setattr(offering, name, value)
    found = history.changes(before, history.state(offering))
    history.record(action=f"offering.{to}", offering_id=offering.id, found=found, actor=actor, at=at)
    return offering
