"""Orders paid in every way, and the words of what is printed about them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from pypdf import PdfReader

from shared_apps.audit.actors import SYSTEM
from tenant_apps.catalog.models import Option
from tenant_apps.families.models import Guardian
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account, Order
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.models import Payee
from tenant_apps.payments.agreement import Terms
from tenant_apps.payments.attempts import next_attempt
from tenant_apps.payments.models import Means, Payment
from tenant_apps.payments.operations.check_out import check_out
from tenant_apps.payments.operations.receive import conclude, receive
from tenant_apps.registrations import operations as registrations
from tenant_apps.registrations.queries import basket_lines
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child, a_guardian
from tests.factories.organisation import a_payee
from tests.factories.registrations import a_basket, a_claim

GOLDEN = Path(__file__).parent / "golden"
NOON = datetime(2026, 11, 25, 17, 0, tzinfo=UTC)
LATER = datetime(2026, 12, 28, 17, 0, tzinfo=UTC)
HALVES = {
    "plans": [
        {
            "key": "halves",
            "label": "2 paiements",
            "shares": [{"percent": 50}, {"percent": 50, "months": 1}],
            "natures": ["camp"],
        }
    ]
}


def a_school(**columns: Any) -> Payee:
    return a_payee(
        "École du Dôme",
        **{
            "legal_name": "École du Dôme",
            "address": "12, rue de l’École\nGatineau (Québec)  J8X 2T3",
            "registration_numbers": "NEQ 1234567890",
            **columns,
        },
    )


def paying(**rules: Any) -> None:
    profile = organisation.profile()
    profile.rules = {**profile.rules, "paying": {**profile.rules.get("paying", {}), **rules}}
    profile.save()


def a_camp(payee: Payee, name: str = "Semaine 1", price: int = 12500, **columns: Any) -> Option:
    offering = an_offering("Camp de jour", payee=payee, nature="camp")
    return an_option(name, offering=offering, price=price, **columns)


def ordered(
    *options: Option,
    terms: Terms | None = None,
    of: Guardian | None = None,
    child: str = "Ada",
    at: datetime = NOON,
) -> Order:
    guardian = of or a_guardian(first_name="Marie", last_name="Lapointe")
    basket, participant = a_basket(guardian), a_child(child, of=guardian)
    for option in options:
        claim = replace(a_claim(participant, option), unit_cents=1000 if option.is_voluntary else None)
        registrations.hold(basket_id=basket.id, claims=[claim], actor=SYSTEM, at=at)
    cents = sum(line.amount_cents for line in basket_lines(basket.id))
    [order] = check_out(
        basket_id=basket.id, expected_cents=cents, actor=SYSTEM, language="fr", at=at, terms=terms or Terms()
    )
    order.reference = "K7PM-4XQ9"
    order.save()
    return order


def unpaid(order: Order, *, at: datetime = NOON) -> Order:
    """Settled, and owed."""
    conclude(order=order, at=at)
    order.refresh_from_db()
    return order


def a_credit(guardian: Guardian, payee: Payee, cents: int) -> None:
    """What the family has with a payee from before."""
    ledger.enter(
        debit=Account.REVENUE,
        credit=Account.CREDIT,
        cents=cents,
        of=(payee.id, "cad"),
        guardian_id=guardian.id,
        source=f"test:{guardian.id}:{payee.id}",
        at=NOON - timedelta(days=30),
    )


def came(order: Order, cents: int, means: Means = Means.ONLINE, *, at: datetime = NOON, **columns: Any) -> Payment:
    """Money that has come, as `receive` is told of it."""
    payment = Payment.objects.create(
        order=Order.objects.get(pk=order.pk),
        attempt=next_attempt(order.pk),
        means=means,
        amount_cents=cents,
        currency=order.currency,
        started_at=at,
        **columns,
    )
    method = "visa •••• 4242" if means == Means.ONLINE else ""
    assert receive(payment=payment, at=at, method=method)
    return Payment.objects.get(pk=payment.pk)


def pages(content: bytes) -> PdfReader:
    return PdfReader(BytesIO(content))


def words(content: bytes) -> str:
    """What is read in it, line by line, every space an ordinary one."""
    text = "\n".join(page.extract_text() for page in pages(content).pages)
    return "\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip()) + "\n"
