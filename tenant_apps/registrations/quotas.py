"""What several options share, as the seats of a bus: its name is the offering's, its count is beside theirs."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from kernel import ids
from kernel.database import lock, lock_one
from kernel.transactions import operation
from kernel.words import Words
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.catalog.models import Offering
from tenant_apps.registrations import capacities, counting, errors, locks, serving
from tenant_apps.registrations.models import Places


@operation
def create(*, offering_id: UUID, name: Words, capacity: int | None, actor: Actor, at: datetime) -> UUID:
    offering = lock_one(Offering.objects.filter(pk=offering_id))
    quota_id = ids.uuid7()
    _write(offering, [*offering.quotas, {"id": str(quota_id), "name": name}], actor, at)
    capacities.put(capacities={quota_id: capacity}, actor=actor, at=at)
    return quota_id


@operation
def rename(*, offering_id: UUID, quota_id: UUID, name: Words, actor: Actor, at: datetime) -> None:
    offering = lock_one(Offering.objects.filter(pk=offering_id))
    _write(offering, [{**each, "name": name} if _is(each, quota_id) else each for each in offering.quotas], actor, at)


@operation
def remove(*, offering_id: UUID, quota_id: UUID, actor: Actor, at: datetime) -> None:
    """Raises QuotaInUse while an option shares it."""
    offering = lock_one(Offering.objects.filter(pk=offering_id))
    lock(Places.objects.filter(pk=quota_id))
    if Places.objects.filter(shared__contains=[quota_id]).exists():
        raise errors.QuotaInUse
    _write(offering, [each for each in offering.quotas if not _is(each, quota_id)], actor, at)
    Places.objects.filter(pk=quota_id).delete()


@operation
def set_shared(*, option_id: UUID, quota_ids: Collection[UUID], actor: Actor, at: datetime) -> None:
    """Say which quotas count this option's places; what is taken of it moves along. Raises CapacityBelowTaken.

    A hold of this instant is counted before it or after it.
    """
    known = Places.objects.get(pk=option_id)
    concerned = {option_id, *known.shared, *quota_ids}
    # All that may be offered is locked at once, in the order of everybody.
    rows = locks.counters({*serving.concerned(counting.reach(concerned)), *concerned})
    option = rows[option_id]
    before, after = set(option.shared), set(quota_ids)
    if before == after:
        return
    for quota in (rows[key] for key in sorted(before ^ after) if key in rows):
        quota.taken += option.taken if quota.option_id in after else -option.taken
        if quota.capacity is not None and quota.taken > quota.capacity:
            raise errors.CapacityBelowTaken(taken=quota.taken)
        free = 0 if quota.capacity is None else quota.capacity - quota.taken
        quota.set_aside = min(quota.set_aside, free)
        quota.save(update_fields=["taken", "set_aside"])
    Places.objects.filter(pk=option_id).update(shared=sorted(after))
    serving.serve({option_id, *(before ^ after)}, at=at)
    audit.record(
        action="registrations.shared",
        subject="option",
        subject_id=option_id,
        actor=actor,
        at=at,
        details={"quotas": [str(quota_id) for quota_id in sorted(after)]},
    )


def shared(option_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """The quotas of each option that shares any."""
    rows = Places.objects.filter(pk__in=list(option_ids)).exclude(shared=[])
    return dict(rows.values_list("option_id", "shared"))


def _is(said: dict[str, object], quota_id: UUID) -> bool:
    return said["id"] == str(quota_id)


def _write(offering: Offering, quotas: list[dict[str, object]], actor: Actor, at: datetime) -> None:
    Offering.objects.filter(pk=offering.pk).update(quotas=quotas)
    audit.record(
        action="offering.quotas",
        subject="offering",
        subject_id=offering.pk,
        actor=actor,
        at=at,
        details={"quotas": quotas},
    )
