"""Closes payment pages, on the processor's word only: a place is never freed while it may still be paid."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from billing.gateway import checkout
from billing.gateway.client import ProcessorRefused, ProcessorUnavailable
from kernel.transactions import operation
from tenant_apps.orders import operations as order_operations
from tenant_apps.orders.models import Order
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.payments import credit
from tenant_apps.payments.errors import AlreadyPaid, ChargeUnderWay, PaymentUnavailable
from tenant_apps.payments.models import Means, Payment, Status
from tenant_apps.payments.operations import instalments
from tenant_apps.payments.operations.settle import enter
from tenant_apps.payments.states import LIVE, move


def cancel_payments_of(orders: Sequence[Order], *, at: datetime) -> None:
    """Close every live page of these orders. Raises AlreadyPaid if one turns out to be paid or about to be."""
    for payment in live_of(orders):
        if close(payment, at=at).status in (Status.SUCCEEDED, Status.PROCESSING):
            raise AlreadyPaid


def live_of(orders: Sequence[Order]) -> QuerySet[Payment]:
    """Those that may still be paid at the processor."""
    live = Payment.objects.filter(order__in=orders, status__in=LIVE, means=Means.ONLINE)
    return live.select_related("order__payee")


@operation
def let_go(orders: Sequence[Order], *, at: datetime) -> None:
    """Cancel orders of which nothing can be paid any more: what was reserved and laid down for them is free again.

    Raises AlreadyPaid if one was settled since it was read: it keeps all that is its own.
    """
    gone = [order.id for order in orders if order_operations.cancel(order_id=order.id)]
    if Order.objects.filter(pk__in=[order.id for order in orders], status=OrderStatus.SETTLED).exists():
        raise AlreadyPaid
    credit.release(gone, at)
    instalments.cancel(gone)


def close(payment: Payment, *, at: datetime) -> Payment:
    """Close one payment's page and enter what it had become.

    Raises PaymentUnavailable, and ChargeUnderWay of one that has no page because a kept card is being asked.
    """
    if instalments.is_charging(payment):
        raise ChargeUnderWay
    if payment.session_id is None:
        # A page that is being opened right now finds its payment given up, and is closed by who opens it.
        move(payment.id, Status.CANCELLED, ended_at=at)
    else:
        try:
            page = checkout.close(account=payment.order.payee.processor_account, page_id=payment.session_id)
        except (ProcessorUnavailable, ProcessorRefused) as error:
            raise PaymentUnavailable from error
        enter(payment=payment, answer=page, at=at)
    payment.refresh_from_db()
    return payment
