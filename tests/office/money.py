"""Orders that were paid, as the processor would have told it."""

from datetime import datetime
from uuid import UUID

from billing.gateway.checkout import Page
from kernel import clock
from shared_apps.audit.actors import SYSTEM
from tenant_apps.catalog.models import Option
from tenant_apps.families.models import Participant
from tenant_apps.orders.models import Order
from tenant_apps.payments.models import Payment
from tenant_apps.payments.operations.check_out import check_out
from tenant_apps.payments.operations.settle import enter
from tenant_apps.registrations.models import Basket
from tenant_apps.registrations.queries import basket_lines
from tests.factories.registrations import a_hold


def an_order_of(
    option: Option, *, child: Participant | None = None, basket: Basket | None = None, at: datetime | None = None
) -> Order:
    at = at or clock.now()
    held = a_hold(option, child=child, basket=basket, at=at)
    [order] = ordered(held.basket_id, at=at)
    return order


def ordered(basket_id: UUID, *, at: datetime) -> list[Order]:
    """The orders of a basket, at the amount that it shows."""
    shown = sum(line.amount_cents for line in basket_lines(basket_id))
    return check_out(basket_id=basket_id, expected_cents=shown, actor=SYSTEM, language="fr", at=at)


def a_paid_order(
    option: Option, *, child: Participant | None = None, basket: Basket | None = None, at: datetime | None = None
) -> Order:
    at = at or clock.now()
    order = an_order_of(option, child=child, basket=basket, at=at)
    payment = Payment.objects.create(
        order=order, attempt=1, amount_cents=order.total_cents, currency=order.currency, started_at=at
    )
    page = Page(
        id="cs_1",
        url="https://pay.example/",
        outcome="paid",
        amount_cents=order.total_cents,
        currency=order.currency,
        intent_id="pi_1",
        method="visa •••• 4242",
    )
    enter(payment=payment, answer=page, at=at)
    order.refresh_from_db()
    return order
