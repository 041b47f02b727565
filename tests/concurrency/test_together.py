"""The browser and the event that bring one consent back at the same instant, or two tabs with a consent each."""

from datetime import datetime
from threading import Barrier
from uuid import UUID, uuid4

import pytest

from billing.models import ConnectedAccount
from kernel import clock
from tenant_apps.orders.models import Order
from tenant_apps.payments.models import Payment, Receipt
from tenant_apps.payments.operations import together
from tenants.models import Organisation
from tests.concurrency.crowd import rush
from tests.payments.conftest import an_account
from tests.payments.sandbox import Sandbox
from tests.payments.test_together import Basket, placed


@pytest.fixture
def basket(transactional_db: None, organisation_a: Organisation, account: ConnectedAccount, sandbox: Sandbox) -> Basket:
    return placed(sandbox, account, an_account(organisation_a, sandbox, "École B"))


def finish(page: str) -> None:
    together.finish(page_id=page, at=clock.now())


def test_one_consent_that_comes_back_four_times_at_once_is_charged_once(
    organisation_a: Organisation, basket: Basket
) -> None:
    page = basket.consent()

    assert rush(organisation_a, [page] * 4, finish) == []
    finish(page)

    assert basket.charged() == [[1000], [2000]]
    assert basket.statuses() == ["settled", "settled"]
    assert Receipt.objects.count() == 2


def test_two_tabs_with_a_consent_each_pay_each_school_once(organisation_a: Organisation, basket: Basket) -> None:
    pages = [basket.consent(), basket.consent()]

    assert rush(organisation_a, pages * 2, finish) == []
    for page in pages:
        finish(page)

    assert basket.charged() == [[1000], [2000]]
    assert basket.statuses() == ["settled", "settled"]


def test_without_the_claim_a_school_would_be_paid_several_times(
    organisation_a: Organisation, basket: Basket, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = basket.consent()
    attempts, all_have_looked = iter(range(10, 30)), Barrier(3)

    def claim_unguarded(*, order_id: UUID, cents: int, at: datetime, **_: object) -> Payment:
        order = Order.objects.get(pk=order_id)
        all_have_looked.wait(timeout=20)
        # Nor is there a constraint on payments of another means.
        made = Payment.objects.create(
            id=uuid4(),
            order=order,
            attempt=next(attempts),
            means="terminal",
            amount_cents=cents,
            currency=order.currency,
            started_at=at,
        )
        return Payment.objects.select_related("order__payee", "order__guardian").get(pk=made.pk)

    monkeypatch.setattr(together, "_claim", claim_unguarded)
    rush(organisation_a, [page] * 3, finish)

    # Whoever is through with the second school first lets go of the card.
    assert len(basket.charged()[0]) == 3
