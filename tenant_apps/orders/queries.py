"""Questions about orders."""

from uuid import UUID

from django.db.models import QuerySet

from kernel.kept import kept
from tenant_apps.orders.models import Order, OrderLine, Status


def open_orders_of(basket_id: UUID) -> list[Order]:
    return _open_orders(basket_id)


def lines_of(order_id: UUID) -> list[OrderLine]:
    """The lines with their registration, option and offering."""
    return _lines(order_id)


def is_sold_elsewhere(line: OrderLine) -> bool:
    """Whether another order already sold this registration: what is paid for it again must go back."""
    return bool(_sales(line.registration_id, line.order_id))


@kept
def _open_orders(basket_id: UUID) -> QuerySet[Order]:
    return Order.objects.filter(basket_id=basket_id, status=Status.OPEN).order_by("payee_id")


@kept
def _lines(order_id: UUID) -> QuerySet[OrderLine]:
    return OrderLine.objects.filter(order_id=order_id).select_related("registration__option__offering")


@kept
def _sales(registration_id: UUID, apart_from: UUID) -> QuerySet[OrderLine, UUID]:
    """The lines of settled orders, but one, that sold it."""
    sold = OrderLine.objects.filter(registration_id=registration_id, order__status=Status.SETTLED)
    return sold.exclude(order_id=apart_from).order_by().values_list("id", flat=True)
