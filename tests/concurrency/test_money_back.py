"""Two who give the same money back, or spend the same credit, at the same instant."""

from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from uuid import UUID, uuid4

import pytest

from tenant_apps.orders import ledger
from tenant_apps.orders.models import Order
from tenant_apps.payments import credit, refunding
from tenant_apps.payments.errors import MoreThanPaid, RefundMoved
from tenant_apps.payments.models import Payment, Refund, RefundMeans, RefundStatus
from tenant_apps.payments.operations import crediting, refund, refund_by_hand
from tenants.models import Organisation
from tests.concurrency.crowd import rush
from tests.factories.catalog import an_offering, an_option
from tests.factories.moments import NOON
from tests.factories.orders import an_order
from tests.factories.organisation import a_payee, an_organisation_profile
from tests.factories.refunds import CLERK, a_payment_of

pytestmark = pytest.mark.usefixtures("transactional_db")


@pytest.fixture(autouse=True)
def profile(transactional_db: None, organisation_a: Organisation) -> None:
    an_organisation_profile()


@pytest.fixture
def payment() -> Payment:
    return a_payment_of(an_option(price=1000, places=5))


def give_back(payment: Payment, reason: str) -> None:
    refund.owe_refund(payment=payment, cents=1000, reason=reason, at=NOON)


def given() -> int:
    return sum(Refund.objects.values_list("amount_cents", flat=True))


def meet(monkeypatch: pytest.MonkeyPatch, module: object, name: str) -> None:
    """Both read before either writes, if nothing keeps one of them waiting."""
    met, read = Barrier(2), getattr(module, name)

    def both(*args: object, **named: object) -> object:
        found = read(*args, **named)
        with suppress(BrokenBarrierError):
            met.wait(timeout=2)
        return found

    monkeypatch.setattr(module, name, both)


@pytest.mark.line("O-10")
def test_two_refunds_of_one_payment_give_back_no_more_than_it_paid(
    organisation_a: Organisation, payment: Payment, monkeypatch: pytest.MonkeyPatch
) -> None:
    meet(monkeypatch, refunding, "left_of")

    raised = rush(organisation_a, ["first", "second"], lambda reason: give_back(payment, reason))

    assert ([type(error) for error in raised], given()) == ([MoreThanPaid], 1000)


def test_without_the_lock_of_the_order_it_would_be_given_back_twice(
    organisation_a: Organisation, payment: Payment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The race is real."""
    meet(monkeypatch, refunding, "left_of")
    monkeypatch.setattr(refund, "lock_one", lambda rows: rows.get())

    assert rush(organisation_a, ["first", "second"], lambda reason: give_back(payment, reason)) == []
    assert given() == 2000


def test_a_failed_refund_is_done_otherwise_once_by_two_clerks(organisation_a: Organisation, payment: Payment) -> None:
    failed = refund.owe_refund(payment=payment, cents=1000, reason="places_gone", at=NOON)
    refund.enter(refund_id=failed.id, to=RefundStatus.FAILED, at=NOON)

    def choose(means: RefundMeans) -> None:
        refund_by_hand.do_otherwise(refund_id=failed.id, means=means, actor=CLERK, at=NOON)

    raised = rush(organisation_a, [RefundMeans.CREDIT, RefundMeans.CHEQUE], choose)

    assert [type(error) for error in raised] == [RefundMoved]
    assert Refund.objects.filter(replaces=failed).count() == 1


@pytest.fixture
def orders() -> list[Order]:
    """Two orders of one family, with credit for one of them."""
    offering = an_offering(payee=a_payee())
    first, second = (an_order(an_option(price=400, places=5, offering=offering), at=NOON) for _ in range(2))
    Order.objects.filter(pk=second.pk).update(guardian=first.guardian)
    second.refresh_from_db()
    told = {"guardian_id": first.guardian_id, "payee_id": first.payee_id}
    crediting.grant(**told, cents=400, words="", key=uuid4(), actor=CLERK, at=NOON)
    return [first, second]


def reserved(orders: list[Order]) -> int:
    return sum(credit.reserved_for(order.id) for order in orders)


@pytest.mark.line("S4-44")
def test_two_orders_at_once_do_not_spend_the_same_credit(
    organisation_a: Organisation, orders: list[Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    meet(monkeypatch, credit, "available")

    assert rush(organisation_a, orders, lambda order: _reserve(order)) == []

    assert reserved(orders) == 400
    assert credit.available(orders[0].guardian_id, orders[0].payee_id) == 0


def test_without_the_lock_of_the_family_they_would(
    organisation_a: Organisation, orders: list[Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    meet(monkeypatch, credit, "available")
    monkeypatch.setattr(credit, "lock", lambda rows: list(rows))

    assert rush(organisation_a, orders, lambda order: _reserve(order)) == []
    assert reserved(orders) == 800


def test_credit_is_not_paid_out_twice_by_two_clerks(
    organisation_a: Organisation, orders: list[Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    meet(monkeypatch, credit, "available")
    guardian_id, payee_id = orders[0].guardian_id, orders[0].payee_id

    def pay_out(key: UUID) -> None:
        told = {"guardian_id": guardian_id, "payee_id": payee_id, "means": RefundMeans.CASH, "proof": ""}
        crediting.pay_out(**told, cents=400, key=key, actor=CLERK, at=NOON)

    rush(organisation_a, [uuid4(), uuid4()], pay_out)

    assert credit.balance(guardian_id, payee_id) == 0
    assert sum(ledger.totals().values()) == 0


def _reserve(order: Order) -> None:
    credit.reserve(order=order, most_cents=400, at=NOON)
