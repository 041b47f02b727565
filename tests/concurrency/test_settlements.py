"""Money that is believed once, whoever brings the news, how often, and wherever the process that hears it dies."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
from django.db.models import Sum

from shared_apps.audit.actors import SYSTEM
from shared_apps.outbox.models import Event
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account, Order, Transfer
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.payments.models import Payment, Receipt, Status
from tenant_apps.payments.operations import receive, settle
from tenant_apps.payments.operations.check_out import check_out
from tenant_apps.registrations.models import Places, Registration
from tenant_apps.registrations.models import Status as RegistrationStatus
from tenants.models import Organisation
from tests.concurrency.crowd import rush
from tests.concurrency.wires import wire_to
from tests.factories.catalog import an_offering, an_option
from tests.factories.changes import a_paid_page
from tests.factories.moments import NOON
from tests.factories.organisation import an_organisation_profile
from tests.factories.registrations import a_basket, a_hold

pytestmark = pytest.mark.usefixtures("transactional_db")


@pytest.fixture
def payments(transactional_db: None, organisation_a: Organisation) -> Iterator[Payment]:
    """One after the other, each of a family of its own for one place at 55 $; as many as are asked for."""
    an_organisation_profile()
    option = an_option(price=5500, places=1000, offering=an_offering())

    def one() -> Payment:
        held = a_hold(option, basket=a_basket())
        [order] = check_out(basket_id=held.basket_id, expected_cents=5500, actor=SYSTEM, language="fr", at=NOON)
        return Payment.objects.create(order=order, attempt=1, amount_cents=5500, currency="cad", started_at=NOON)

    return (one() for _ in count())


def hear(payment: Payment) -> None:
    """What the event, the browser that comes back and the sweep all do."""
    own = Payment.objects.select_related("order__payee").get(pk=payment.pk)
    settle.enter(payment=own, answer=a_paid_page(own), at=NOON)


def test_event_browser_and_tabs_at_one_instant_confirm_once_and_give_one_number(
    organisation_a: Organisation, payments: Iterator[Payment]
) -> None:
    some = [next(payments) for _ in range(10)]

    raised = rush(organisation_a, some * 4, hear)

    assert raised == []
    assert [receipt.number for receipt in Receipt.objects.order_by("number")] == list(range(1, 11))
    assert Event.objects.filter(kind="orders.settled").count() == 10
    assert Registration.objects.filter(status=RegistrationStatus.CONFIRMED).count() == 10
    assert books() == {Account.PROCESSOR: 55000, Account.REVENUE: -55000}


def test_without_the_conditional_move_the_same_money_is_entered_again(
    organisation_a: Organisation, payments: Iterator[Payment], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard is real: a payment that is looked at, then written, is heard twice, and only a constraint stops it."""

    def look_then_write(payment_id, to, **fields):
        Payment.objects.filter(pk=payment_id).update(status=to, **fields)
        return True

    payment = next(payments)
    hear(payment)
    monkeypatch.setattr(receive, "move", look_then_write)

    assert rush(organisation_a, [payment], hear) != []


@pytest.mark.parametrize("delivers_last", [False, True], ids=["before the database hears", "before its answer comes"])
def test_a_process_killed_at_any_message_of_the_settlement_loses_and_doubles_nothing(
    organisation_a: Organisation, payments: Iterator[Payment], delivers_last: bool
) -> None:
    """At each message to the database in turn, until one settlement gets through unharmed."""
    paid = 0
    for messages in count():
        payment = next(payments)
        paid += 1
        if not killed(organisation_a, payment, after=messages, delivers_last=delivers_last):
            break
        if Payment.objects.get(pk=payment.pk).status == Status.SUCCEEDED:
            is_whole(payment)
        hear(payment)
        is_whole(payment)

    assert messages > 20
    assert [receipt.number for receipt in Receipt.objects.order_by("number")] == list(range(1, paid + 1))
    assert books() == {Account.PROCESSOR: 5500 * paid, Account.REVENUE: -5500 * paid}
    assert Places.objects.get().taken == paid


def killed(organisation: Organisation, payment: Payment, *, after: int, delivers_last: bool) -> bool:
    """Whether the wire was cut before the settlement was through."""

    def run() -> bool:
        with wire_to(organisation) as wire:
            wire.delivers_last, wire.left = delivers_last, after
            try:
                hear(payment)
            except Exception:
                if not wire.is_cut:
                    raise
            return wire.is_cut

    with ThreadPoolExecutor(1) as alone:
        return alone.submit(run).result()


def is_whole(payment: Payment) -> None:
    order = Order.objects.get(pk=payment.order_id)
    assert (order.status, ledger.balance_of_order(order.id)) == (OrderStatus.SETTLED, 0)
    assert Transfer.objects.filter(order=order).count() == 2
    assert Receipt.objects.filter(payment=payment).count() == 1
    assert [line.registration.status for line in order.lines.all()] == [RegistrationStatus.CONFIRMED]
    told = Event.objects.filter(kind="orders.settled", payload__order=str(order.id))
    assert told.count() == 1


def books() -> dict[Account, int]:
    assert Transfer.objects.aggregate(sum=Sum("amount_cents"))["sum"]
    return {account: cents for account, cents in ledger.totals().items() if cents}
