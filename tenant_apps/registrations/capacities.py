"""The places of many options at once, for who copies or imports a catalogue."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from kernel.database import lock
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.catalog.places import Capacities
from tenant_apps.registrations.errors import CapacityBelowTaken
from tenant_apps.registrations.models import Places


def of(option_ids: Iterable[UUID]) -> dict[UUID, int | None]:
    rows = Places.objects.filter(option_id__in=list(option_ids))
    return dict(rows.values_list("option_id", "capacity"))


@operation
def put(*, capacities: Capacities, actor: Actor, at: datetime) -> None:
    """Raises CapacityBelowTaken; those that stay as they were are not written."""
    known = of(capacities)
    new = [key for key in capacities if key not in known]
    Places.objects.bulk_create([Places(option_id=key, capacity=capacities[key]) for key in new])
    changed = [key for key, before in known.items() if capacities[key] != before]
    _change({key: capacities[key] for key in changed})
    entries = [("registrations.capacity_set", key, {"capacity": capacities[key]}) for key in (*new, *changed)]
    audit.record_many(subject="option", entries=entries, actor=actor, at=at)


def _change(capacities: Capacities) -> None:
    """Nobody takes a place between the look at what is taken and the write."""
    rows = lock(Places.objects.filter(pk__in=list(capacities)))
    for row in rows:
        row.capacity = capacities[row.option_id]
        if row.capacity is not None and row.capacity < row.taken:
            raise CapacityBelowTaken(taken=row.taken)
    Places.objects.bulk_update(rows, ["capacity"])
