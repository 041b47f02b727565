"""Registrations that were paid by card, and families' requests to change them, in the words of a test."""

from datetime import datetime
from typing import Any

from billing.gateway.checkout import Page
from kernel import ids
from shared_apps.audit.actors import SYSTEM
from tenant_apps.changes.models import ChangeRequest, Kind
from tenant_apps.changes.operations import asking
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.organisation import queries as organisation
from tenant_apps.payments.models import Payment
from tenant_apps.payments.operations import settle
from tenant_apps.payments.operations.check_out import check_out
from tenant_apps.registrations.models import Basket, Registration
from tenant_apps.registrations.queries import basket_lines
from tests.factories.moments import NOON
from tests.factories.registrations import a_basket, a_hold

CARD = "Visa •••• 4242"


def practice(**kinds: dict[str, Any]) -> None:
    """What the organisation lets families change: `practice(withdrawal={"allowed": True})`."""
    profile = organisation.profile()
    profile.rules["changes"] = kinds
    profile.save()


def a_paid_page(payment: Payment) -> Page:
    """What the processor says of it once a card has paid it."""
    return Page(
        id=f"page-{ids.uuid7()}",
        url="",
        outcome="paid",
        amount_cents=payment.amount_cents,
        currency=payment.currency,
        intent_id=f"intent-{payment.id}",
        method=CARD,
    )


def pay(basket: Basket, *, at: datetime = NOON) -> list[Payment]:
    """Pay all that the basket holds, as the processor would say it was paid."""
    cents = sum(line.amount_cents for line in basket_lines(basket.id))
    payments = []
    for order in check_out(basket_id=basket.id, expected_cents=cents, actor=SYSTEM, language="fr", at=at):
        if not order.total_cents:
            settle.settle_free(order_id=order.id, at=at)
            continue
        payment = Payment.objects.create(
            order=order, attempt=1, amount_cents=order.total_cents, currency=order.currency, started_at=at
        )
        settle.enter(payment=payment, answer=a_paid_page(payment), at=at)
        payments.append(payment)
    return payments


def a_paid(option: Any, *, child: Participant, guardian: Guardian, at: datetime = NOON) -> Registration:
    """A confirmed registration of the child, paid by card by itself."""
    basket = a_basket(guardian)
    held = a_hold(option, basket=basket, child=child, at=at)
    pay(basket, at=at)
    held.refresh_from_db()
    return held


def ask(registration: Registration, kind: Kind, expected: tuple[int, int, int], **more: Any) -> ChangeRequest:
    return asking.ask(
        guardian_id=registration.basket.guardian_id,
        kind=kind,
        registration_id=registration.id,
        expected=expected,
        actor=SYSTEM,
        at=more.pop("at", NOON),
        **more,
    )
