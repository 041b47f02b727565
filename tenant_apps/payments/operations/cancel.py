"""Closes payment pages, on the processor's word only: a place is never freed while it may still be paid."""

from collections.abc import Sequence
from datetime import datetime

from billing.gateway import checkout
from billing.gateway.client import ProcessorRefused, ProcessorUnavailable
from tenant_apps.orders.models import Order
from tenant_apps.payments.errors import AlreadyPaid, PaymentUnavailable
from tenant_apps.payments.models import Payment, Status
from tenant_apps.payments.operations.settle import enter
from tenant_apps.payments.states import LIVE, move


def cancel_payments_of(orders: Sequence[Order], *, at: datetime) -> None:
    """Close every live page of these orders. Raises AlreadyPaid if one turns out to be paid or about to be."""
    for payment in Payment.objects.filter(order__in=orders, status__in=LIVE).select_related("order__payee"):
        if close(payment, at=at).status in (Status.SUCCEEDED, Status.PROCESSING):
            raise AlreadyPaid


def close(payment: Payment, *, at: datetime) -> Payment:
    """Close one payment's page and enter what it had become. Raises PaymentUnavailable."""
    if payment.session_id is None:
        # A page that is being opened right now finds its payment given up, and is closed by who opens it.
        move(payment.id, Status.CANCELLED, ended_at=at)
    else:
        try:
            page = checkout.close(account=payment.order.payee.processor_account, page_id=payment.session_id)
        except (ProcessorUnavailable, ProcessorRefused) as error:
            raise PaymentUnavailable from error
        enter(payment=payment, page=page, at=at)
    payment.refresh_from_db()
    return payment
