"""The places of many options at once, for who copies or imports a catalogue."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.catalog.places import Capacities
from tenant_apps.registrations import counters, counting, locks, serving
from tenant_apps.registrations.errors import CapacityBelowTaken
from tenant_apps.registrations.models import Places


def of(option_ids: Iterable[UUID]) -> dict[UUID, int | None]:
    rows = Places.objects.filter(option_id__in=list(option_ids))
    return dict(rows.values_list("option_id", "capacity"))


@operation
def put(*, capacities: Capacities, actor: Actor, at: datetime) -> None:
    """Say how many places options, or quotas, have; those that stay as they were are not written.

    What is raised goes first to who waits. What is lowered takes from what is set aside, never from what is taken:
    raises CapacityBelowTaken.
    """
    known = of(capacities)
    new = [key for key in capacities if key not in known]
    Places.objects.bulk_create([Places(option_id=key, capacity=capacities[key]) for key in new])
    changed = [key for key, before in known.items() if capacities[key] != before]
    if changed:
        _change({key: capacities[key] for key in changed})
        serving.serve(changed, at=at)
    entries = [("registrations.capacity_set", key, {"capacity": capacities[key]}) for key in (*new, *changed)]
    audit.record_many(subject="option", entries=entries, actor=actor, at=at)


def _change(capacities: Capacities) -> None:
    """Nobody takes a place between the look at what is taken and the write."""
    # All that may be offered is locked at once, in the order of everybody.
    rows = locks.counters({*serving.concerned(counting.reach(capacities)), *capacities})
    for row in (rows[key] for key in capacities):
        row.capacity = capacities[row.option_id]
        if row.capacity is not None and row.capacity < row.taken:
            raise CapacityBelowTaken(taken=row.taken)
        row.set_aside = min(row.set_aside, row.capacity - row.taken) if row.capacity is not None else 0
    counters.save(rows[key] for key in capacities)
