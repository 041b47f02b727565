"""What is left of an order to a guardian who was kept away from a child since: the receipt of their money."""

from collections.abc import Iterable
from uuid import UUID

from tenant_apps.families import queries as families
from tenant_apps.orders.models import Order, OrderLine


class ShownOrder:
    """An order with the lines that may be shown; `is_whole` when nothing of it is kept back."""

    def __init__(self, order: Order, hidden: set[UUID]) -> None:
        self.order = order
        every = list(order.lines.all())
        self.lines: list[OrderLine] = [line for line in every if line.registration.participant_id not in hidden]
        self.is_whole = len(self.lines) == len(every)

    def __getattr__(self, name: str) -> object:
        return getattr(self.order, name)


def shown(orders: Iterable[Order], guardian_id: UUID) -> list[ShownOrder]:
    """One query more, however many orders there are."""
    hidden = families.hidden_ids(guardian_id)
    return [ShownOrder(order, hidden) for order in orders]


def hidden_in(order: Order) -> set[UUID]:
    """The participants of whom nothing is said to who ordered, whoever holds the address of the page."""
    return families.hidden_ids(order.guardian_id)
