"""The life of a registration."""

from typing import Any

from django.db.models import QuerySet

from kernel.states import sources
from tenant_apps.registrations.models import Registration, Status

MOVES: dict[Status, frozenset[Status]] = {
    Status.HELD: frozenset({Status.AWAITING_PAYMENT, Status.CONFIRMED, Status.RELEASED}),
    # Leaving the check-out brings back to the basket what was about to be paid.
    Status.AWAITING_PAYMENT: frozenset({Status.HELD, Status.CONFIRMED, Status.RELEASED}),
    Status.CONFIRMED: frozenset(),
    # Money that arrives after the hold ran out may still win the place back, if it is free.
    Status.RELEASED: frozenset({Status.CONFIRMED}),
}

# These keep their places.
TAKING = (Status.HELD, Status.AWAITING_PAYMENT, Status.CONFIRMED)
# These are in a basket.
PENDING = (Status.HELD, Status.AWAITING_PAYMENT)


def move(registrations: QuerySet[Registration], to: Status, **fields: Any) -> int:
    """Move those that may go to `to`, in one conditional update. Returns how many moved."""
    return registrations.filter(status__in=sources(MOVES, to)).update(status=to, **fields)
