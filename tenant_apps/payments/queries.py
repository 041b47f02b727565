"""Questions about what was paid."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from billing import standing
from kernel.kept import kept, lay, only
from tenant_apps.orders.models import Order, OrderLine
from tenant_apps.organisation.models import Payee
from tenant_apps.payments.models import Instalment, Means, Payment, Receipt
from tenant_apps.payments.operations.instalments import OPEN

_OF_LINE = ("registration__option__offering", "registration__participant")
_PAID = ("payments__receipts", "payments__refunds")


def detailed() -> QuerySet[Order]:
    """Orders with all that a page about one shows."""
    return Order.objects.select_related("payee", "guardian").prefetch_related(
        Prefetch("lines", OrderLine.objects.select_related(*_OF_LINE)), *_PAID
    )


def order_by_token(token: str) -> Order | None:
    """The order that a confirmation link opens, with its lines, payments and receipts."""
    order = only(_of_token(token))
    if order is not None:
        lines = _lines_of(order.id)
        for line in lines:
            line.order = order
        lay(order, "lines", lines)
        prefetch_related_objects([order], *_PAID)
    return order


@kept
def _of_token(token: str) -> QuerySet[Order]:
    return Order.objects.filter(token=token).select_related("payee", "guardian").order_by()


@kept
def _lines_of(order_id: UUID) -> QuerySet[OrderLine]:
    return OrderLine.objects.filter(order_id=order_id).select_related(*_OF_LINE)


def orders_of(guardian_id: UUID) -> QuerySet[Order]:
    return detailed().filter(guardian_id=guardian_id)


def latest_payment(order: Order) -> Payment | None:
    """Of those at the processor."""
    return Payment.objects.filter(order=order, means=Means.ONLINE).order_by("-attempt").first()


def to_come(order_id: UUID) -> list[Instalment]:
    """What is still to be paid of an order, and when; empty where it has no instalments."""
    return list(Instalment.objects.filter(order_id=order_id, status__in=OPEN).order_by("position"))


def receipt_of(order: Order) -> Receipt | None:
    """The receipt of the payment that settled the order, as it stands: what corrects it comes before it."""
    return only(_receipts(order.id))


@kept
def _receipts(order_id: UUID) -> QuerySet[Receipt]:
    return (
        Receipt.objects.filter(payment__order_id=order_id)
        .select_related("payment__order__payee")
        .order_by("payment__ended_at", "payment__attempt", "-number")[:1]
    )


def paused(payees: Iterable[Payee]) -> list[Payee]:
    """Those of them that take no payment online at present."""
    every = list(payees)
    stopped = standing.stopped([payee.processor_account for payee in every]) if every else frozenset()
    return [payee for payee in every if payee.processor_account in stopped]
