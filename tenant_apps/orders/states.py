"""The life of an order."""

from typing import Any
from uuid import UUID

from kernel.states import sources
from tenant_apps.orders.models import Order, Status

MOVES: dict[Status, frozenset[Status]] = {
    Status.OPEN: frozenset({Status.SETTLED, Status.CANCELLED}),
    # Money that arrives after all for an order let go settles it, with what can still be had.
    Status.CANCELLED: frozenset({Status.SETTLED}),
    Status.SETTLED: frozenset(),
}


def move(order_id: UUID, to: Status, **fields: Any) -> bool:
    return Order.objects.filter(pk=order_id, status__in=sources(MOVES, to)).update(status=to, **fields) == 1
