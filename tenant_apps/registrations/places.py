"""The counter of places: the one thing that makes sure that a place is never sold twice.

Who takes places does it last in its transaction, options in the order of their ids and then the quotas that they
share, so that the rows everyone wants are locked for the shortest time and always in the same order.
"""

from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from uuid import UUID

from kernel.database import connection

NOTHING: Final[Mapping[UUID, int]] = MappingProxyType({})

# What is set aside is for the waiting list (registrations.serving), and for nobody else.
_TAKE = """
    UPDATE registrations_places SET taken = taken + %(quantity)s
    WHERE option_id = %(id)s AND (capacity IS NULL OR capacity >= taken + set_aside + %(quantity)s)
    RETURNING shared
"""
_GIVE_BACK = "UPDATE registrations_places SET taken = taken - %(quantity)s WHERE option_id = %(id)s RETURNING shared"


class PlacesGone(Exception):
    """Not enough places; the transaction that asked must be rolled back."""

    def __init__(self, option_ids: list[UUID]) -> None:
        super().__init__(option_ids)
        self.option_ids = option_ids


def take(demand: Mapping[UUID, int]) -> None:
    """Take all of `demand` (places by option), or raise PlacesGone naming each option that is short."""
    exchange(demand)


def give_back(freed: Mapping[UUID, int]) -> None:
    exchange(NOTHING, freed)


def exchange(taken: Mapping[UUID, int], given: Mapping[UUID, int] = NOTHING) -> None:
    """Take the ones and give back the others at once: nobody comes between.

    Only the difference is moved, so that who changes a line keeps its place. Raises PlacesGone as `take` does.
    """
    wanted = Counter(taken)
    wanted.subtract(given)
    short: set[UUID] = set()
    of_quotas: Counter[UUID] = Counter()
    sharing: dict[UUID, set[UUID]] = {}
    for option_id in _in_order(wanted):
        shared = _change(option_id, wanted[option_id])
        if shared is None:
            short.add(option_id)
            continue
        for quota_id in shared:
            of_quotas[quota_id] += wanted[option_id]
            sharing.setdefault(quota_id, set()).add(option_id)
    for quota_id in _in_order(of_quotas):
        if _change(quota_id, of_quotas[quota_id]) is None:
            short |= {option_id for option_id in sharing[quota_id] if wanted[option_id] > 0}
    if short:
        raise PlacesGone(sorted(short))


def _in_order(amounts: Mapping[UUID, int]) -> list[UUID]:
    return sorted(key for key, quantity in amounts.items() if quantity)


def _change(key: UUID, quantity: int) -> list[UUID] | None:
    return _take_one(key, quantity) if quantity > 0 else _give_back_one(key, -quantity)


def _take_one(key: UUID, quantity: int) -> list[UUID] | None:
    """The quotas that count it too; None where there is not room enough."""
    return _moved(_TAKE, key, quantity)


def _give_back_one(key: UUID, quantity: int) -> list[UUID]:
    return _moved(_GIVE_BACK, key, quantity) or []


def _moved(statement: str, key: UUID, quantity: int) -> list[UUID] | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"id": key, "quantity": quantity})
        row = cursor.fetchone()
    return None if row is None else list(row[0])
