"""The life of an order."""

from typing import Any
from uuid import UUID

from django.db.models import Q

from kernel.states import sources
from tenant_apps.orders.models import Order, Status

MOVES: dict[Status, frozenset[Status]] = {
    Status.OPEN: frozenset({Status.SETTLED, Status.CANCELLED}),
    # Money that arrives after all for an order let go settles it, with what can still be had.
    Status.CANCELLED: frozenset({Status.SETTLED}),
    Status.SETTLED: frozenset(),
}


def move(order_id: UUID, to: Status, where: Q | None = None, **fields: Any) -> bool:
    """True if the order moved; False if it was elsewhere already, or `where` does not hold of it."""
    may_move = Order.objects.filter(where or Q(), pk=order_id, status__in=sources(MOVES, to))
    return may_move.update(status=to, **fields) == 1
