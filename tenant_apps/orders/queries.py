"""Questions about orders."""

from uuid import UUID

from tenant_apps.orders.models import Order, OrderLine, Status


def open_orders_of(basket_id: UUID) -> list[Order]:
    return list(Order.objects.filter(basket_id=basket_id, status=Status.OPEN).order_by("payee_id"))


def lines_of(order_id: UUID) -> list[OrderLine]:
    """The lines with their registration, option and offering."""
    return list(OrderLine.objects.filter(order_id=order_id).select_related("registration__option__offering"))


def is_sold_elsewhere(line: OrderLine) -> bool:
    """Whether another order already sold this registration: what is paid for it again must go back."""
    others = OrderLine.objects.filter(registration_id=line.registration_id, order__status=Status.SETTLED)
    return others.exclude(order_id=line.order_id).exists()
