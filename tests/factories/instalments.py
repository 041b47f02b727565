"""Orders that are paid in parts, with a card that the sandbox keeps for what is due later."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

from billing.gateway.client import client
from shared_apps.audit.actors import SYSTEM
from tenant_apps.families.models import Guardian
from tenant_apps.orders.models import Order
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.models import Payee
from tenant_apps.payments.models import Instalment, Payment
from tenant_apps.payments.operations import settle
from tenant_apps.payments.operations.check_out import Terms, check_out
from tests.factories.catalog import an_offering, an_option
from tests.factories.changes import a_paid_page
from tests.factories.families import a_child, a_guardian
from tests.factories.registrations import a_basket, a_hold

_number = count(1)
IN_TWO = "deux-versements"
# The day of the first part; the second one is due on the 16th of October.
SIGNED = datetime(2026, 9, 16, 12, 0, tzinfo=UTC)


def practice_of_payment(**more: Any) -> None:
    """Half at once and half a month later, and what else the organisation's rules say."""
    halves = [{"percent": "50"}, {"percent": "50", "months": 1}]
    profile = organisation.profile()
    profile.rules["paying"] = {
        "plans": [{"key": IN_TWO, "label": {"fr": "2 paiements mensuels"}, "shares": halves, "natures": ["outing"]}],
        **more,
    }
    profile.save()


def a_kept_card(payee: Payee, name: str = "visa") -> dict[str, str]:
    """`name` as the processor calls its test cards: `visa`, `chargeCustomerFail`, `authenticationRequired`."""
    account = {"stripe_account": payee.processor_account}
    customer = client().v1.customers.create({"email": "parent@example.org"}, account)  # type: ignore[arg-type]
    method = client().v1.payment_methods.attach(f"pm_card_{name}", {"customer": customer.id}, account)  # type: ignore[arg-type]
    assert method.card is not None
    return {
        "customer": customer.id,
        "method": method.id,
        "label": f"Visa •••• {method.card.last4}",
        "expires": f"{method.card.exp_year}-{method.card.exp_month:02}",
        "since": "000000000001",
    }


def an_order_in_parts(
    payee: Payee,
    *,
    card: str | dict[str, str] = "visa",
    price: int = 12600,
    at: datetime = SIGNED,
    plan: str = IN_TWO,
    guardian: Guardian | None = None,
) -> Order:
    """Its first part is paid, with a card that is kept for the others."""
    option = an_option(price=price, offering=an_offering(payee=payee))
    guardian = guardian or a_guardian()
    # The same family may have several.
    child = a_child(f"Ada {next(_number)}", of=guardian)
    held = a_hold(option, basket=a_basket(guardian), child=child, at=at)
    [order] = check_out(
        basket_id=held.basket_id,
        expected_cents=price,
        actor=SYSTEM,
        language="fr",
        at=at,
        terms=Terms(plan=plan),
    )
    payment = Payment.objects.create(
        order=order, attempt=1, amount_cents=order.first_cents, currency=order.currency, started_at=at
    )
    kept = a_kept_card(payee, card) if isinstance(card, str) else card
    settle.enter(payment=payment, answer=replace(a_paid_page(payment), card=kept), at=at)
    order.refresh_from_db()
    return order


def parts_of(order: Order) -> list[Instalment]:
    return list(Instalment.objects.filter(order=order).order_by("position"))


def states_of(order: Order) -> list[str]:
    return [part.status for part in parts_of(order)]
