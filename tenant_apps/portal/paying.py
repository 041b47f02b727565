"""The way to the processor's page and back, as addresses: which order is paid next, and what came of it."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from tenant_apps.orders.models import Order, Status
from tenant_apps.payments.models import Payment
from tenant_apps.payments.operations.begin import begin_payment
from tenants import links

# The processor puts the page's own id here, so that a return speaks of the payment it comes from.
_PAGE_ID = "{CHECKOUT_SESSION_ID}"


def next_address(orders: Iterable[Order], *, at: datetime) -> str:
    """Where the visitor goes now: the hosted page of the first order still to pay, or the last confirmation.

    Raises the refusals of `begin_payment`.
    """
    confirmation, origin = reverse("checkout"), links.absolute("")
    for order in orders:
        page = begin_payment(
            order_id=order.id,
            return_url=origin + reverse("payment_return", args=[order.token]) + f"?page={_PAGE_ID}",
            cancel_url=origin + reverse("payment_cancelled", args=[order.token]),
            at=at,
        )
        if page is not None:
            return page
        confirmation = reverse("confirmation", args=[order.token])
    return confirmation


def payment_of_return(order: Order, page_id: str) -> Payment | None:
    """The payment that a return speaks of; the order's latest if it names none of this order's."""
    payments = sorted(order.payments.all(), key=lambda payment: payment.attempt)
    named = (payment for payment in payments if page_id and payment.session_id == page_id)
    return next(named, payments[-1] if payments else None)


def still_to_pay(order: Order) -> bool:
    """True when another payee of the same basket waits for its own payment."""
    return Order.objects.filter(basket_id=order.basket_id, status=Status.OPEN).exclude(id=order.id).exists()
