"""The places of many options at once, for who copies or imports a catalogue."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.catalog.places import Capacities
from tenant_apps.registrations import operations
from tenant_apps.registrations.models import Places


def of(option_ids: Iterable[UUID]) -> dict[UUID, int | None]:
    rows = Places.objects.filter(option_id__in=list(option_ids))
    return dict(rows.values_list("option_id", "capacity"))


@operation
def put(*, capacities: Capacities, actor: Actor, at: datetime) -> None:
    """Raises CapacityBelowTaken; those that stay as they were are not written."""
    known = of(capacities)
    new = {option_id: capacity for option_id, capacity in capacities.items() if option_id not in known}
    Places.objects.bulk_create([Places(option_id=key, capacity=capacity) for key, capacity in new.items()])
    entries = [("registrations.capacity_set", key, {"capacity": capacity}) for key, capacity in new.items()]
    audit.record_many(subject="option", entries=entries, actor=actor, at=at)
    for option_id, before in known.items():
        if capacities[option_id] != before:
            operations.set_capacity(option_id=option_id, capacity=capacities[option_id], actor=actor, at=at)
