"""An order that is paid on two pages: what the second one pays goes back, and wins nothing that came free since."""

import pytest

from shared_apps.audit.actors import SYSTEM
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account, Order
from tenant_apps.payments.models import Payment, Refund, Status
from tenant_apps.payments.operations import settle
from tenant_apps.payments.operations.check_out import check_out
from tenant_apps.registrations import operations
from tenant_apps.registrations.models import Places, Registration
from tenant_apps.registrations.models import Status as Registered
from tenants.models import Organisation
from tests.factories.catalog import an_offering, an_option
from tests.factories.changes import a_paid_page
from tests.factories.moments import NOON
from tests.factories.organisation import an_organisation_profile
from tests.factories.registrations import a_hold


@pytest.fixture(autouse=True)
def profile(organisation_a: Organisation) -> None:
    an_organisation_profile()


def a_payment(order: Order, attempt: int, status: Status) -> Payment:
    return Payment.objects.create(
        order=order,
        attempt=attempt,
        status=status,
        amount_cents=order.total_cents,
        currency=order.currency,
        started_at=NOON,
    )


def received(payment: Payment) -> None:
    settle.enter(payment=payment, answer=a_paid_page(payment), at=NOON)


def test_a_place_that_comes_free_after_it_was_paid_back_is_not_won_by_the_second_page() -> None:
    offering = an_offering()
    kept, lost = (an_option(price=cents, places=1, offering=offering) for cents in (1000, 2000))
    first = a_hold(kept)
    second = a_hold(lost, basket=first.basket, child=first.participant)
    [order] = check_out(basket_id=first.basket_id, expected_cents=3000, actor=SYSTEM, language="fr", at=NOON)
    given_up, paid = a_payment(order, 1, Status.CANCELLED), a_payment(order, 2, Status.STARTED)
    operations.release_unpaid(registration_ids=[first.id, second.id], at=NOON)
    faster = a_hold(lost)
    received(paid)
    operations.release(basket_id=faster.basket_id, registration_ids=[faster.id], actor=SYSTEM, at=NOON)

    received(given_up)

    refunds = Refund.objects.values_list("payment", "amount_cents", "reason")
    assert set(refunds) == {(paid.id, 2000, "places_gone"), (given_up.id, 3000, "paid_twice")}
    states = dict(Registration.objects.filter(basket=first.basket_id).values_list("option", "status"))
    assert states == {kept.id: Registered.CONFIRMED, lost.id: Registered.RELEASED}
    assert Places.objects.get(option_id=lost.id).taken == 0
    assert ledger.totals()[Account.REVENUE] == -1000
