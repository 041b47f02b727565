"""Sums over counters that this transaction has locked: what a request needs of them, what stays, what is set aside."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from tenant_apps.registrations.models import Places, Registration

Rows = Mapping[UUID, Places]


def wanted(registrations: Iterable[Registration]) -> Counter[UUID]:
    """By option."""
    every: Counter[UUID] = Counter()
    for registration in registrations:
        every[registration.option_id] += registration.quantity
    return every


def need(by_option: Mapping[UUID, int], rows: Rows) -> Counter[UUID]:
    """By option, and by quota that they share."""
    every = Counter(by_option)
    for option_id, quantity in by_option.items():
        for quota_id in rows[option_id].shared if option_id in rows else ():
            every[quota_id] += quantity
    return every


def short(needed: Mapping[UUID, int], rows: Rows) -> set[UUID]:
    """Those that have not room enough, what is set aside included."""
    return {key for key, quantity in needed.items() if key not in rows or not _has_room(rows[key], quantity)}


def can_ever_fit(needed: Mapping[UUID, int], rows: Rows) -> bool:
    """Whether there would be room, were nothing taken."""
    capacities = {key: rows[key].capacity for key in needed}
    return all(capacity is None or capacity >= needed[key] for key, capacity in capacities.items())


def take(needed: Mapping[UUID, int], rows: Rows) -> None:
    """Who waited had their part of what was set aside."""
    for key, quantity in needed.items():
        rows[key].taken += quantity
        rows[key].set_aside = max(rows[key].set_aside - quantity, 0)


def set_aside(rows: Rows, affected: Collection[UUID], demand: Mapping[UUID, int]) -> None:
    """Of a quota, what its options can still use: who waits because the group is full wants no seat in its bus."""
    known = [rows[key] for key in affected if key in rows]
    of_quotas = Counter({quota_id: 0 for row in known for quota_id in row.shared})
    for row in known:
        usable = _up_to(demand.get(row.option_id, 0), row)
        row.set_aside = usable if row.capacity is not None else 0
        for quota_id in row.shared:
            of_quotas[quota_id] += usable
    for quota_id, usable in of_quotas.items():
        row = rows[quota_id]
        row.set_aside = _up_to(usable, row) if row.capacity is not None else 0


def is_open(row: Places, quantity: int) -> bool:
    """Whether anybody may take as many."""
    return row.capacity is None or row.capacity >= row.taken + row.set_aside + quantity


def save(rows: Iterable[Places]) -> None:
    Places.objects.bulk_update(list(rows), ["capacity", "taken", "set_aside"])


def _has_room(row: Places, quantity: int) -> bool:
    return row.capacity is None or row.capacity >= row.taken + quantity


def _up_to(demand: int, row: Places) -> int:
    return demand if row.capacity is None else max(min(demand, row.capacity - row.taken), 0)
