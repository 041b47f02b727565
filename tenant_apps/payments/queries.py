"""Questions about what was paid."""

from uuid import UUID

from django.db.models import Prefetch, QuerySet

from kernel.database import sole
from tenant_apps.orders.models import Order, OrderLine
from tenant_apps.payments.models import Payment, Receipt

_OF_LINE = ("registration__option__offering", "registration__participant")


def detailed() -> QuerySet[Order]:
    """Orders with all that a page about one shows."""
    return Order.objects.select_related("payee", "guardian").prefetch_related(
        Prefetch("lines", OrderLine.objects.select_related(*_OF_LINE)),
        "payments__receipt",
        "payments__refunds",
    )


def order_by_token(token: str) -> Order | None:
    """The order that a confirmation link opens, with its lines, payments and receipts."""
    return sole(detailed().filter(token=token))


def orders_of(guardian_id: UUID) -> QuerySet[Order]:
    return detailed().filter(guardian_id=guardian_id)


def latest_payment(order: Order) -> Payment | None:
    return Payment.objects.filter(order=order).order_by("-attempt").first()


def receipt_of(order: Order) -> Receipt | None:
    """The receipt of the payment that settled the order."""
    return (
        Receipt.objects.filter(payment__order=order).select_related("payment__order__payee").order_by("number").first()
    )
