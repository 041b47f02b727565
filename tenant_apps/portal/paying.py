"""The way to the processor's page and back, as addresses: which order is paid next, and what came of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.urls import reverse

from tenant_apps.orders.models import Order, Status
from tenant_apps.payments.models import Means, Payment
from tenant_apps.payments.operations.begin import begin_payment
from tenants import links

# The processor puts the page's own id here, so that a return speaks of the payment it comes from.
_PAGE_ID = "{CHECKOUT_SESSION_ID}"


def next_address(orders: Iterable[Order], *, at: datetime) -> str:
    """Where the visitor goes now: the hosted page of the first order still to pay, or the last confirmation.

    Raises the refusals of `begin_payment`.
    """
    confirmation = reverse("checkout")
    for order in orders:
        if page := _page_of(order, at):
            return page
        confirmation = reverse("confirmation", args=[order.token])
    return confirmation


def transfer_address(orders: Sequence[Order], *, at: datetime) -> str:
    """Where who pays at the bank goes: what to write on the transfer of the first order that waits for it.

    What asks for nothing now is settled at once. Raises the refusals of `begin_payment`.
    """
    for order in orders:
        if not order.first_cents:
            _page_of(order, at)
    first = next((order for order in orders if order.first_cents), orders[0])
    return reverse("confirmation", args=[first.token])


def _page_of(order: Order, at: datetime) -> str | None:
    origin = links.absolute("")
    return begin_payment(
        order_id=order.id,
        return_url=origin + reverse("payment_return", args=[order.token]) + f"?page={_PAGE_ID}",
        cancel_url=origin + reverse("payment_cancelled", args=[order.token]),
        at=at,
    )


def payment_of_return(order: Order, page_id: str) -> Payment | None:
    """The payment that a return speaks of; the order's latest if it names none of this order's."""
    online = (payment for payment in order.payments.all() if payment.means == Means.ONLINE)
    payments = sorted(online, key=lambda payment: payment.attempt)
    named = (payment for payment in payments if page_id and payment.session_id == page_id)
    return next(named, payments[-1] if payments else None)


def still_to_pay(order: Order) -> bool:
    """True when another payee of the same basket waits for its own payment."""
    return Order.objects.filter(basket_id=order.basket_id, status=Status.OPEN).exclude(id=order.id).exists()
