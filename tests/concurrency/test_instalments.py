"""Runs that come at the same instant, and families and staff who act meanwhile: each part is asked for once."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from billing.models import ConnectedAccount
from kernel import clock
from shared_apps.audit.actors import SYSTEM
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Order
from tenant_apps.organisation.models import Payee
from tenant_apps.payments.errors import ChargeUnderWay, NothingToCharge
from tenant_apps.payments.models import Instalment, InstalmentStatus, Payment
from tenant_apps.payments.operations import charging
from tenant_apps.payments.operations.begin import begin_payment
from tenants.models import Organisation
from tests.concurrency.crowd import rush
from tests.factories.instalments import SIGNED, an_order_in_parts, parts_of, practice_of_payment, states_of
from tests.factories.orders import CANCEL_URL, RETURN_URL
from tests.factories.organisation import a_payee
from tests.payments.sandbox import Sandbox

DUE = SIGNED + timedelta(days=30)
DONE = [InstalmentStatus.PAID] * 2


@pytest.fixture
def payee(transactional_db: None, account: ConnectedAccount) -> Payee:
    practice_of_payment()
    return a_payee(processor_account=account.processor_id)


def charged(sandbox: Sandbox, payee: Payee) -> list[int]:
    return [row["amount"] for row in sandbox.books(payee.processor_account)["charges"] if row["status"] == "succeeded"]


def test_runs_at_the_same_instant_charge_each_part_once(
    organisation_a: Organisation, sandbox: Sandbox, payee: Payee
) -> None:
    orders = [an_order_in_parts(payee) for _ in range(4)]

    assert rush(organisation_a, range(4), lambda _: charging.charge_due(at=DUE)) == []

    assert charged(sandbox, payee) == [6300] * 4
    assert [states_of(order) for order in orders] == [DONE] * 4
    assert [ledger.balance_of_order(order.id) for order in orders] == [0] * 4


def test_without_the_claim_they_would_charge_several_times(
    organisation_a: Organisation, sandbox: Sandbox, payee: Payee, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = an_order_in_parts(payee)
    attempts = iter(range(10, 20))

    def claim_unguarded(*, instalment_id: UUID, at: datetime, **_: object) -> Payment:
        part = Instalment.objects.select_related("order__payee").get(pk=instalment_id)
        time.sleep(0.2)
        # Nor is there a constraint on payments of another means.
        return Payment.objects.create(
            order=part.order,
            attempt=next(attempts),
            means="terminal",
            amount_cents=part.left_cents,
            currency=part.order.currency,
            started_at=at,
        )

    monkeypatch.setattr(charging, "_claim", claim_unguarded)

    rush(organisation_a, range(3), lambda _: charging.charge_due(at=DUE))

    assert len(charged(sandbox, payee)) > 1
    assert ledger.balance_of_order(order.id) == 0


def test_a_page_and_the_card_at_the_same_instant_never_both_ask(
    organisation_a: Organisation, sandbox: Sandbox, payee: Payee
) -> None:
    def begin(order: Order) -> Callable[[], object]:
        return lambda: begin_payment(order_id=order.id, return_url=RETURN_URL, cancel_url=CANCEL_URL, at=clock.now())

    for _ in range(5):
        order = an_order_in_parts(payee)
        part = parts_of(order)[1]
        acts = [
            begin(order),
            lambda part=part: charging.charge_now(instalment_id=part.id, actor=SYSTEM, at=DUE),
        ]

        raised = rush(organisation_a, acts, lambda act: act())

        assert {type(error) for error in raised} <= {ChargeUnderWay, NothingToCharge}
        live = Payment.objects.filter(order=order, status="started").count()
        paid = Payment.objects.filter(order=order, status="succeeded").count()
        assert (live, paid) in {(1, 1), (0, 2)}
