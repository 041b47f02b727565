"""The one road by which places come free: what frees them gives them to who waits, in the same transaction."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from tenant_apps.registrations import counters, counting, places, requests, serving
from tenant_apps.registrations.models import Registration, RequestStatus, Status
from tenant_apps.registrations.states import move


def free(
    registrations: Iterable[Registration],
    *,
    at: datetime,
    to: Status = Status.RELEASED,
    ended: RequestStatus = RequestStatus.REFUSED,
) -> int:
    """End those that still have their places, and serve who waits for them. Returns how many were ended.

    What was offered together ends together.
    `ended`: what is said of a request whose offer ends with them, REFUSED or LAPSED.
    """
    moved = let_go(_with_what_was_offered(list(registrations)), at=at, to=to)
    exchange(moved, at=at, ended=ended)
    return len(moved)


def let_go(registrations: Iterable[Registration], *, at: datetime, to: Status = Status.RELEASED) -> list[Registration]:
    """End them; `exchange` then gives their places back. Returns those that still had them."""
    # The state in the condition is the claim: two that free the same registration give its places back once.
    return [each for each in registrations if move(_unchanged(each), to, ended_at=at)]


def exchange(
    moved: Collection[Registration],
    demand: Mapping[UUID, int] = places.NOTHING,
    *,
    at: datetime,
    ended: RequestStatus = RequestStatus.REFUSED,
) -> None:
    """Give back the places of what was let go, take `demand`, and serve who waits for the difference.

    Raises places.PlacesGone: the transaction that asked must be rolled back.
    """
    if demand:
        make_room(demand, at=at)
    freed = counters.wanted(moved)
    if not freed:
        places.take(demand)
        return
    again = requests.settle(moved, ended=ended, at=at)
    # All that may be offered is locked first, in the order of everybody, and only then given back.
    if counting.waited_for(freed):
        serving.lock_counters(counting.reach({*freed, *demand}))
    places.exchange(demand, freed)
    serving.serve(freed, at=at, but=again)


def make_room(demand: Mapping[UUID, int], *, at: datetime) -> None:
    """A hold that ran out gives way to who needs its place, whether or not the sweep has passed.

    Not where somebody waits for that place: it is theirs, and who comes anew is told that it is full. The sweep then
    serves who waits; to do it here, for a stranger who leaves with nothing, would make every refusal a long one.
    """
    needing = counting.options_in_the_way(demand)
    lapsed = Registration.objects.filter(option_id__in=needing, status=Status.HELD, held_until__lte=at)
    if needing and (found := list(lapsed)):
        waited = counting.waited_for({each.option_id for each in found})
        free([each for each in found if each.option_id not in waited], at=at, ended=RequestStatus.LAPSED)


def _with_what_was_offered(lines: list[Registration]) -> list[Registration]:
    asked_by = {line.request_id for line in lines if line.request_id is not None}
    if not asked_by:
        return lines
    offered = Registration.objects.filter(request__in=asked_by, request__status=RequestStatus.OFFERED)
    others = offered.filter(status=Status.HELD).exclude(pk__in=[line.pk for line in lines])
    return [*lines, *others]


def _unchanged(registration: Registration) -> QuerySet[Registration]:
    return Registration.objects.filter(
        pk=registration.pk, status=registration.status, held_until=registration.held_until
    )
