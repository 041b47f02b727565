"""Orders that are let go: never one that was settled meanwhile, and never without its credit."""

import pytest

from shared_apps.audit.actors import SYSTEM
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Order
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.payments.agreement import Terms
from tenant_apps.payments.errors import AlreadyPaid, OrderGone
from tenant_apps.payments.operations import later, settle
from tenant_apps.payments.operations.cancel import let_go
from tenant_apps.payments.operations.check_out import check_out
from tenant_apps.payments.operations.receive import conclude
from tenant_apps.payments.terms import LATER
from tenants.models import Organisation
from tests.factories.catalog import an_option
from tests.factories.counter import CLERK
from tests.factories.instalments import states_of
from tests.factories.moments import NOON
from tests.factories.orders import an_order, registrations_of
from tests.factories.organisation import an_organisation_profile
from tests.factories.registrations import a_hold


@pytest.fixture(autouse=True)
def profile(organisation_a: Organisation) -> None:
    an_organisation_profile()


def paid_later() -> Order:
    """All of it is due on a day to come, so that nothing is asked before it is settled."""
    held = a_hold(an_option(price=5000), at=NOON)
    terms = Terms(plan=LATER)
    [order] = check_out(basket_id=held.basket_id, expected_cents=5000, actor=CLERK, language="fr", at=NOON, terms=terms)
    return order


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
