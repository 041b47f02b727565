"""The life of a registration, and of a request for places."""

from typing import Any

from django.db.models import QuerySet

from kernel.states import sources
from tenant_apps.registrations.models import PlaceRequest, Registration, RequestStatus, Status

MOVES: dict[Status, frozenset[Status]] = {
    # A wish that was drawn, or a place that came free for who waits.
    Status.REQUESTED: frozenset({Status.HELD, Status.RELEASED, Status.CONFIRMED}),
    Status.HELD: frozenset({Status.AWAITING_PAYMENT, Status.CONFIRMED, Status.RELEASED}),
    # Leaving the check-out brings back to the basket what was about to be paid.
    Status.AWAITING_PAYMENT: frozenset({Status.HELD, Status.CONFIRMED, Status.RELEASED}),
    Status.CONFIRMED: frozenset({Status.WITHDRAWN, Status.CANCELLED}),
    # Money that arrives after the hold ran out may still win the place back, if it is free; also for who waits again.
    # An offer that is refused, or left unanswered, may go back to the waiting list it came from.
    Status.RELEASED: frozenset({Status.CONFIRMED, Status.REQUESTED}),
    Status.WITHDRAWN: frozenset(),
    Status.CANCELLED: frozenset(),
}

REQUEST_MOVES: dict[RequestStatus, frozenset[RequestStatus]] = {
    RequestStatus.WISHED: frozenset(
        {RequestStatus.WAITING, RequestStatus.OFFERED, RequestStatus.LEFT, RequestStatus.SUPERSEDED}
    ),
    RequestStatus.WAITING: frozenset(
        {RequestStatus.OFFERED, RequestStatus.TAKEN, RequestStatus.LEFT, RequestStatus.SUPERSEDED}
    ),
    # Refused or left unanswered, it may go on waiting, by rule.
    RequestStatus.OFFERED: frozenset(
        {RequestStatus.TAKEN, RequestStatus.WAITING, RequestStatus.REFUSED, RequestStatus.LAPSED}
    ),
    RequestStatus.TAKEN: frozenset(),
    RequestStatus.REFUSED: frozenset(),
    RequestStatus.LAPSED: frozenset(),
    RequestStatus.LEFT: frozenset(),
    RequestStatus.SUPERSEDED: frozenset(),
}

# These keep their places.
TAKING = (Status.HELD, Status.AWAITING_PAYMENT, Status.CONFIRMED)
# These are in a basket.
PENDING = (Status.HELD, Status.AWAITING_PAYMENT)


def move(registrations: QuerySet[Registration], to: Status, **fields: Any) -> int:
    """Move those that may go to `to`, in one conditional update. Returns how many moved."""
    return registrations.filter(status__in=sources(MOVES, to)).update(status=to, **fields)


def move_requests(requests: QuerySet[PlaceRequest], to: RequestStatus, **fields: Any) -> int:
    """The same for requests."""
    return requests.filter(status__in=sources(REQUEST_MOVES, to)).update(status=to, **fields)
