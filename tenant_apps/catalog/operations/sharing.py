"""Gives a copy its own shared places: a bus of last summer carries nobody of this one."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from kernel import ids
from shared_apps.audit.actors import Actor
from tenant_apps.catalog import places
from tenant_apps.catalog.models import Offering


def copy(original: Offering, made: Offering, options: Mapping[UUID, UUID], *, actor: Actor, at: datetime) -> None:
    """`options`: of each of the original's that was copied, its copy's. As many places, and none of them taken."""
    if not original.quotas:
        return
    new = {UUID(each["id"]): ids.uuid7() for each in original.quotas}
    made.quotas = [{**each, "id": str(new[UUID(each["id"])])} for each in original.quotas]
    made.save(update_fields=["quotas"])
    kept = places.of(new)
    places.put(capacities={new[old]: capacity for old, capacity in kept.items()}, actor=actor, at=at)
    for option_id, shared in places.shared(options).items():
        quota_ids = [new[each] for each in shared if each in new]
        places.share(option_id=options[option_id], quota_ids=quota_ids, actor=actor, at=at)
