"""Orders that are let go: never one that was settled meanwhile, and never without its credit."""

from uuid import uuid4

import pytest

from shared_apps.audit.actors import SYSTEM
from tenant_apps.families.models import Guardian
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Order
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.organisation.models import Payee
from tenant_apps.payments import credit
from tenant_apps.payments.agreement import Terms
from tenant_apps.payments.errors import AlreadyPaid, OrderGone
from tenant_apps.payments.operations import crediting, later, settle, sweep
from tenant_apps.payments.operations.cancel import let_go
from tenant_apps.payments.operations.check_out import check_out
from tenant_apps.payments.operations.receive import conclude
from tenant_apps.payments.terms import LATER
from tenant_apps.registrations.models import Registration
from tenants.models import Organisation
from tests.factories.catalog import an_offering, an_option
from tests.factories.counter import CLERK
from tests.factories.families import a_child, a_guardian
from tests.factories.instalments import states_of
from tests.factories.moments import NOON
from tests.factories.orders import an_order, registrations_of
from tests.factories.organisation import a_payee, an_organisation_profile
from tests.factories.refunds import paid
from tests.factories.registrations import a_basket, a_hold


@pytest.fixture(autouse=True)
def profile(organisation_a: Organisation) -> None:
    an_organisation_profile()


def paid_later() -> Order:
    """All of it is due on a day to come, so that nothing is asked before it is settled."""
    held = a_hold(an_option(price=5000), at=NOON)
    terms = Terms(plan=LATER)
    [order] = check_out(basket_id=held.basket_id, expected_cents=5000, actor=CLERK, language="fr", at=NOON, terms=terms)
    return order


def placed(held: Registration, **terms: bool) -> Order:
    [order] = check_out(
        basket_id=held.basket_id, expected_cents=5000, actor=SYSTEM, language="fr", at=NOON, terms=Terms(**terms)
    )
    return order


def credit_of(guardian: Guardian, payee: Payee, cents: int) -> None:
    crediting.grant(
        guardian_id=guardian.id, payee_id=payee.id, cents=cents, words="", key=uuid4(), actor=CLERK, at=NOON
    )


def now(order: Order) -> tuple[str, int, list[str], list[str]]:
    order = Order.objects.get(pk=order.pk)
    held = [each.status for each in registrations_of(order)]
    return order.status, ledger.balance_of_order(order.id), states_of(order), held


def test_what_was_settled_since_it_was_read_keeps_what_is_due_later() -> None:
    order, other = paid_later(), an_order(an_option(price=900), at=NOON)
    settle.settle_free(order_id=order.id, at=NOON)

    with pytest.raises(AlreadyPaid):
        let_go([other, order], at=NOON)

    assert now(order) == (OrderStatus.SETTLED, 5000, ["due"], ["confirmed"])
    assert Order.objects.get(pk=other.pk).status == OrderStatus.OPEN


def test_what_was_let_go_is_not_settled_without_money() -> None:
    order = paid_later()
    let_go([order], at=NOON)

    with pytest.raises(OrderGone):
        settle.settle_free(order_id=order.id, at=NOON)

    assert now(order) == (OrderStatus.CANCELLED, 0, ["cancelled"], ["awaiting_payment"])


def test_who_read_it_while_it_waited_does_not_settle_it_without_money_either() -> None:
    order = paid_later()
    let_go([Order.objects.get(pk=order.pk)], at=NOON)

    assert conclude(order=order, at=NOON, actor=SYSTEM) is None

    assert now(order) == (OrderStatus.CANCELLED, 0, ["cancelled"], ["awaiting_payment"])


def test_staff_are_told_of_an_order_that_is_let_go_as_they_register_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard is in the move itself: whatever comes between what was read and what is written."""
    order = paid_later()

    def let_go_first(**how):
        let_go([order], at=NOON)
        return conclude(**how)

    monkeypatch.setattr(later, "conclude", let_go_first)

    with pytest.raises(OrderGone):
        later.register_unpaid(order_id=order.id, actor=CLERK, at=NOON)


def test_an_order_whose_places_another_one_bought_waits_no_more_and_its_credit_is_free() -> None:
    """The money of the first order came once the family had placed another, which takes its credit."""
    payee, guardian = a_payee(), a_guardian()
    option = an_option(price=5000, places=2, offering=an_offering(payee=payee))
    held = a_hold(option, basket=a_basket(guardian), child=a_child("Ada", of=guardian), at=NOON)
    credit_of(guardian, payee, 4000)
    first, second = placed(held), placed(held, spends_credit=True)
    paid(first, 5000)
    assert (Order.objects.get(pk=second.pk).status, credit.available(guardian.id, payee.id)) == (OrderStatus.OPEN, 0)

    sweep.sweep(at=NOON)

    assert now(first) == (OrderStatus.SETTLED, 0, [], ["confirmed"])
    assert now(second) == (OrderStatus.CANCELLED, 0, [], ["confirmed"])
    assert credit.available(guardian.id, payee.id) == 4000


def test_an_order_whose_places_wait_for_their_payment_is_left_alone() -> None:
    order = paid_later()

    sweep.sweep(at=NOON)

    assert now(order) == (OrderStatus.OPEN, 0, ["due"], ["awaiting_payment"])
