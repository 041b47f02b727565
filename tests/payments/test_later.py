"""Paying later: places without money, a day for what is owed, and a word to the family once a day."""

from datetime import timedelta

import pytest

from kernel import clock
from shared_apps.audit.actors import Actor
from shared_apps.audit.models import Entry
from shared_apps.outbox.models import Event
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account, Order
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.payments.agreement import Terms
from tenant_apps.payments.errors import NothingOwed
from tenant_apps.payments.models import Instalment, InstalmentStatus, Means
from tenant_apps.payments.operations import later
from tenant_apps.payments.operations.check_out import check_out
from tenant_apps.payments.terms import LATER
from tenants.models import Organisation
from tests.factories.catalog import an_option
from tests.factories.counter import CLERK, at_counter, paying
from tests.factories.orders import registrations_of
from tests.factories.organisation import an_organisation_profile
from tests.factories.registrations import a_hold


@pytest.fixture(autouse=True)
def profile(organisation_a: Organisation) -> None:
    an_organisation_profile()


def placed(*, actor: Actor = CLERK, cents: int = 5000) -> Order:
    held = a_hold(an_option(price=cents), at=clock.now())
    [order] = check_out(
        basket_id=held.basket_id,
        expected_cents=cents,
        actor=actor,
        language="fr",
        at=clock.now(),
        terms=Terms(plan=LATER),
    )
    return order


def unpaid() -> Order:
    return later.register_unpaid(order_id=placed().id, actor=CLERK, at=clock.now())


def told() -> int:
    return Event.objects.filter(kind="orders.owed").count()


def test_a_registration_stands_without_money_and_all_of_it_is_due_on_a_day() -> None:
    paying(later="staff", later_days=20)

    order = unpaid()

    assert (order.status, ledger.balance_of_order(order.id)) == (OrderStatus.SETTLED, 5000)
    assert [each.status for each in registrations_of(order)] == ["confirmed"]
    [due] = Instalment.objects.filter(order=order)
    assert (due.left_cents, due.status, (due.due_on - order.placed_at.date()).days in (19, 20)) == (
        5000,
        InstalmentStatus.DUE,
        True,
    )
    assert told() == 1


def test_to_register_unpaid_twice_is_to_do_it_once() -> None:
    order = placed()

    for _ in range(2):
        later.register_unpaid(order_id=order.id, actor=CLERK, at=clock.now())

    assert ledger.balance_of_order(order.id) == 5000
    assert told() == 1


def test_where_nobody_pays_later_nobody_is_registered_so() -> None:
    paying(later="nobody")
    order = placed()

    with pytest.raises(later.NotLater):
        later.register_unpaid(order_id=order.id, actor=CLERK, at=clock.now())

    order.refresh_from_db()
    assert order.status == OrderStatus.OPEN


def test_what_staff_may_leave_for_later_a_family_may_not() -> None:
    paying(later="staff")

    order = placed(actor=Actor(kind="guardian"))

    assert (order.plan, order.first_cents) == ("", 5000)


def test_a_family_is_reminded_once_a_day() -> None:
    order, at = unpaid(), clock.now()

    later.remind(order_id=order.id, actor=CLERK, at=at)
    with pytest.raises(later.RemindedToday):
        later.remind(order_id=order.id, actor=CLERK, at=at + timedelta(hours=23))
    later.remind(order_id=order.id, actor=CLERK, at=at + timedelta(hours=24))

    assert told() == 3
    assert later.last_reminded([order.id]) == {order.id: at + timedelta(hours=24)}


def test_nobody_is_reminded_of_what_is_paid() -> None:
    order = unpaid()
    at_counter(order, 5000)

    with pytest.raises(NothingOwed):
        later.remind(order_id=order.id, actor=CLERK, at=clock.now())


def test_a_day_is_moved_and_the_trail_says_from_when() -> None:
    [due] = Instalment.objects.filter(order=unpaid())
    before, after = due.due_on, due.due_on + timedelta(days=10)
    Instalment.objects.update(told_at=clock.now())

    later.change_due(instalment_id=due.id, on=after, actor=CLERK, at=clock.now())

    due.refresh_from_db()
    assert (due.due_on, due.told_at) == (after, None)
    [entry] = Entry.objects.filter(action="instalments.moved")
    assert (entry.subject_id, entry.details) == (
        due.order_id,
        {"instalment": str(due.id), "from": before.isoformat(), "to": after.isoformat()},
    )


def test_a_card_that_was_refused_is_left_alone_until_the_new_day() -> None:
    [due] = Instalment.objects.filter(order=unpaid())
    Instalment.objects.update(status=InstalmentStatus.FAILED, try_at=clock.now(), grace_until=due.due_on)
    after = due.due_on + timedelta(days=10)

    later.change_due(instalment_id=due.id, on=after, actor=CLERK, at=clock.now())

    due.refresh_from_db()
    assert (due.status, due.due_on, due.grace_until, due.try_at) == (InstalmentStatus.FAILED, after, after, None)


@pytest.mark.parametrize("status", [InstalmentStatus.PAID, InstalmentStatus.CANCELLED, InstalmentStatus.CHARGING])
def test_what_is_paid_cancelled_or_being_charged_keeps_its_day(status: InstalmentStatus) -> None:
    [due] = Instalment.objects.filter(order=unpaid())
    Instalment.objects.update(status=status)

    with pytest.raises(later.NotDueAnyMore):
        later.change_due(instalment_id=due.id, on=due.due_on, actor=CLERK, at=clock.now())


def test_no_day_that_has_gone() -> None:
    [due] = Instalment.objects.filter(order=unpaid())

    with pytest.raises(later.DayGone):
        later.change_due(instalment_id=due.id, on=clock.now().date() - timedelta(days=2), actor=CLERK, at=clock.now())


def test_what_a_bank_took_back_has_a_day_again_once_a_part_of_it_comes() -> None:
    order = unpaid()
    first = at_counter(order, 5000, Means.CHEQUE)
    took_back = {"debit": Account.RECEIVABLE, "credit": Account.BANK}
    ledger.enter(**took_back, cents=5000, order=order, source=f"test:{first.id}", at=clock.now())

    at_counter(order, 2000, Means.CHEQUE)

    assert list(Instalment.objects.filter(order=order).values_list("position", "status", "left_cents")) == [
        (1, InstalmentStatus.PAID, 0),
        (2, InstalmentStatus.DUE, 3000),
    ]


def test_what_is_taken_from_a_card_is_not_taken_before_the_day_that_was_agreed() -> None:
    [due] = Instalment.objects.filter(order=unpaid())
    Instalment.objects.update(is_automatic=True)

    with pytest.raises(later.TakenSooner):
        later.change_due(instalment_id=due.id, on=due.due_on - timedelta(days=1), actor=CLERK, at=clock.now())

    due.refresh_from_db()
    later.change_due(instalment_id=due.id, on=due.due_on + timedelta(days=1), actor=CLERK, at=clock.now())
    assert Instalment.objects.get().due_on == due.due_on + timedelta(days=1)


def test_what_the_family_pays_itself_may_be_due_sooner() -> None:
    [due] = Instalment.objects.filter(order=unpaid())
    sooner = due.due_on - timedelta(days=1)

    later.change_due(instalment_id=due.id, on=sooner, actor=CLERK, at=clock.now())

    assert Instalment.objects.get().due_on == sooner
