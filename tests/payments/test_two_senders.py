"""Two workers that ask the processor for the same refund, the second while the first one's question is on its way."""

import time

import pytest

from billing.models import ConnectedAccount
from kernel import clock
from tenant_apps.payments import queries
from tenant_apps.payments.models import Refund, RefundStatus
from tenant_apps.payments.operations import refund, settle
from tenants.models import Organisation
from tests.concurrency.crowd import rush
from tests.factories.catalog import an_offering, an_option
from tests.factories.orders import a_page, an_order
from tests.factories.organisation import a_payee
from tests.payments.sandbox import Sandbox

pytestmark = pytest.mark.usefixtures("transactional_db")


@pytest.fixture
def owed(transactional_db: None, account: ConnectedAccount, sandbox: Sandbox) -> Refund:
    """Half of what was paid: the processor would give it back twice if it were asked under two names."""
    offering = an_offering(payee=a_payee(processor_account=account.processor_id), hold_minutes=60)
    order = an_order(an_option(price=900, places=5, offering=offering))
    sandbox.pay(a_page(order))
    payment = settle.settle(payment_id=queries.latest_payment(order).id, at=clock.now())  # type: ignore[union-attr]
    return refund.owe_refund(payment=payment, cents=450, reason="places_gone", at=clock.now())


def test_a_refund_that_is_being_sent_is_not_sent_by_another(
    organisation_a: Organisation, account: ConnectedAccount, sandbox: Sandbox, owed: Refund
) -> None:
    slow = {"kind": "delay", "seconds": 1.5, "method": "POST", "path": "v1/refunds", "times": 1}
    sandbox.control("faults", {"rules": [slow]})

    def send(wait: float) -> None:
        time.sleep(wait)
        refund.send_refunds(at=clock.now())

    assert rush(organisation_a, [0.0, 0.6], send) == []

    assert Refund.objects.get().status == RefundStatus.SUCCEEDED
    assert [row["amount"] for row in sandbox.books(account.processor_id)["refunds"]] == [450]


def test_with_the_processor_away_no_other_refund_waits_for_its_answer_too(
    account: ConnectedAccount, sandbox: Sandbox, owed: Refund
) -> None:
    refund.owe_refund(payment=owed.payment, cents=200, reason="paid_twice", at=clock.now())
    away = {"kind": "status", "status": 503, "method": "POST", "path": "v1/refunds", "times": 100}
    sandbox.control("faults", {"rules": [away]})

    refund.send_refunds(at=clock.now())

    # The client asks three times for one of them.
    assert [rule["remaining"] for rule in sandbox.control("faults")["rules"]] == [97]
    assert list(Refund.objects.values_list("status", flat=True)) == [RefundStatus.DUE, RefundStatus.DUE]


def test_what_had_no_answer_is_asked_again_by_the_same_key(
    account: ConnectedAccount, sandbox: Sandbox, owed: Refund
) -> None:
    """What the processor may still be doing under one key, it would do again under another."""
    away = {"kind": "status", "status": 503, "method": "POST", "path": "v1/refunds", "times": 3}
    sandbox.control("faults", {"rules": [away]})

    for _ in range(2):
        refund.send_refunds(at=clock.now())

    # The key is made of this number.
    assert list(Refund.objects.values_list("status", "attempts")) == [(RefundStatus.SUCCEEDED, 0)]
    assert [row["amount"] for row in sandbox.books(account.processor_id)["refunds"]] == [450]
