"""The counter of places: the one thing that makes sure that a place is never sold twice.

Who takes places does it last in its transaction, options in the order of their ids, so that the rows everyone
wants are locked for the shortest time and always in the same order.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q

from tenant_apps.registrations.models import Places, Registration, Status
from tenant_apps.registrations.states import move


class PlacesGone(Exception):
    """Not enough places; the transaction that asked must be rolled back."""

    def __init__(self, option_ids: list[UUID]) -> None:
        super().__init__(option_ids)
        self.option_ids = option_ids


def take(demand: Mapping[UUID, int], *, at: datetime) -> None:
    """Take all of `demand` (places by option), or raise PlacesGone naming each option that is short."""
    _free_lapsed_where_needed(demand, at)
    short = [option_id for option_id in sorted(demand) if not _take_one(option_id, demand[option_id])]
    if short:
        raise PlacesGone(short)


def give_back(freed: Mapping[UUID, int]) -> None:
    for option_id in sorted(freed):
        Places.objects.filter(option_id=option_id).update(taken=F("taken") - freed[option_id])


def _take_one(option_id: UUID, quantity: int) -> bool:
    has_room = Q(capacity=None) | Q(capacity__gte=F("taken") + quantity)
    return Places.objects.filter(has_room, option_id=option_id).update(taken=F("taken") + quantity) == 1


def _free_lapsed_where_needed(demand: Mapping[UUID, int], at: datetime) -> None:
    """A hold that ran out gives way to who needs its place, whether or not the sweep has passed."""
    tight = [
        row.option_id
        for row in Places.objects.filter(option_id__in=demand)
        if row.capacity is not None and row.taken + demand[row.option_id] > row.capacity
    ]
    if tight:
        release_lapsed(at=at, option_ids=tight)


def release_lapsed(*, at: datetime, option_ids: Iterable[UUID] | None = None) -> int:
    """Release the holds that ran out. Those being paid wait for the processor's word (payments.sweep)."""
    lapsed = Registration.objects.filter(status=Status.HELD, held_until__lte=at)
    if option_ids is not None:
        lapsed = lapsed.filter(option_id__in=list(option_ids))
    return free(lapsed, at=at)


def free(registrations: Iterable[Registration], *, at: datetime) -> int:
    """Release those that still hold their places, and give the places back. Returns how many were released."""
    freed: Counter[UUID] = Counter()
    count = 0
    for registration in registrations:
        # The state in the condition is the claim: two that free the same registration give its places back once.
        same = Registration.objects.filter(
            pk=registration.pk, status=registration.status, held_until=registration.held_until
        )
        if move(same, Status.RELEASED, ended_at=at):
            freed[registration.option_id] += registration.quantity
            count += 1
    give_back(freed)
    return count
