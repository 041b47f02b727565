"""Orders that were paid in one way or another, for what goes back of them."""

from datetime import datetime
from typing import Any

from shared_apps.audit.actors import Actor
from tenant_apps.catalog.models import Option
from tenant_apps.orders.models import Order
from tenant_apps.payments.attempts import next_attempt
from tenant_apps.payments.models import Means, Payment
from tenant_apps.payments.operations.receive import receive
from tests.factories.changes import CARD
from tests.factories.moments import NOON
from tests.factories.orders import an_order

CLERK = Actor(kind="staff", user_id=None, label="Odile")


def paid(order: Order, cents: int | None = None, *, means: Means = Means.ONLINE, at: datetime = NOON) -> Payment:
    """Money of these means that has come for the order, all of it where nothing is said."""
    attempt = next_attempt(order.id)
    facts: dict[str, Any] = {"intent_id": f"pi_{order.id.hex}_{attempt}", "method": CARD}
    payment = Payment.objects.create(
        order=order,
        attempt=attempt,
        means=means,
        amount_cents=order.total_cents if cents is None else cents,
        currency=order.currency,
        started_at=at,
    )
    order.refresh_from_db()
    receive(payment=payment, at=at, **(facts if means == Means.ONLINE else {}))
    payment.refresh_from_db()
    return payment


def a_payment_of(option: Option, *, means: Means = Means.ONLINE) -> Payment:
    return paid(an_order(option, at=NOON), means=means)
