"""Money that staff receive: rounded in coins, entered once, never more than is due unless the family wants it."""

import threading
from uuid import UUID

import pytest
from django.db import connection as django_connection
from hypothesis import given
from hypothesis import strategies as st

from kernel import clock, ids
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account, Order
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.payments import credit
from tenant_apps.payments.errors import AlreadyPaid, ChargeUnderWay, NothingOwed, OrderGone
from tenant_apps.payments.models import Instalment, InstalmentStatus, Means, Payment, Receipt, Refund, Status
from tenant_apps.payments.operations import counter
from tenant_apps.payments.operations.cancel import let_go
from tenant_apps.payments.rounding import in_coins
from tenants.context import in_organisation
from tenants.models import Organisation
from tests.factories.catalog import an_offering, an_option
from tests.factories.counter import CLERK, at_counter, paying
from tests.factories.orders import a_page, an_order, registrations_of
from tests.factories.organisation import a_payee, an_organisation_profile


@pytest.fixture
def order(organisation_a: Organisation) -> Order:
    an_organisation_profile()
    return an_order(an_option(price=5552))


def state(order: Order) -> tuple[str, int]:
    order.refresh_from_db()
    return order.status, ledger.balance_of_order(order.id)


@pytest.mark.parametrize(
    ("cents", "coins"),
    [(100, 100), (101, 100), (102, 100), (103, 105), (104, 105), (105, 105), (106, 105), (107, 105), (108, 110)],
)
def test_the_total_in_cash_goes_to_the_nearest_five_cents(cents: int, coins: int) -> None:
    assert in_coins(cents, 5) == coins


@given(st.integers(min_value=1, max_value=10_000_000), st.sampled_from([1, 2, 5, 10, 20, 50, 100]))
def test_rounding_is_never_more_than_half_a_coin_away_and_is_a_number_of_coins(cents: int, step: int) -> None:
    coins = in_coins(cents, step)

    assert abs(coins - cents) * 2 <= step
    assert coins == cents if cents <= step else coins % step == 0
    assert in_coins(coins, step) == coins


def test_cash_settles_an_order_that_waits_and_what_the_coins_lack_is_rounding(order: Order) -> None:
    payment = at_counter(order, 5550)

    assert state(order) == (OrderStatus.SETTLED, 0)
    assert (payment.status, payment.amount_cents, payment.rounding_cents) == (Status.SUCCEEDED, 5552, -2)
    assert (payment.method, payment.recorded_by) == ("Espèces", CLERK.user_id)
    totals = ledger.totals(order.payee_id)
    assert (totals[Account.CASH], totals[Account.ROUNDING], sum(totals.values())) == (5550, 2, 0)
    assert [receipt.number for receipt in Receipt.objects.filter(payment=payment)] == [1]


@pytest.mark.parametrize("means", [Means.CHEQUE, Means.TERMINAL, Means.TRANSFER])
def test_other_means_are_exact(order: Order, means: Means) -> None:
    payment = at_counter(order, 5552, means, reference="0042")

    assert (payment.amount_cents, payment.rounding_cents) == (5552, 0)
    assert state(order) == (OrderStatus.SETTLED, 0)
    held = Account.CASH if means == Means.CHEQUE else Account.BANK
    assert ledger.totals(order.payee_id)[held] == 5552


def test_a_part_leaves_the_rest_due_with_a_day(order: Order) -> None:
    at_counter(order, 2000)

    assert state(order) == (OrderStatus.SETTLED, 3552)
    [rest] = Instalment.objects.filter(order=order)
    assert (rest.left_cents, rest.status, rest.is_automatic) == (3552, InstalmentStatus.DUE, False)
    at_counter(order, 3550)
    assert state(order) == (OrderStatus.SETTLED, 0)
    rest.refresh_from_db()
    assert (rest.left_cents, rest.status) == (0, InstalmentStatus.PAID)


def test_more_than_is_due_is_refused(order: Order) -> None:
    with pytest.raises(counter.TooMuch):
        at_counter(order, 5555)
    with pytest.raises(counter.TooMuch):
        at_counter(order, 5553, Means.CHEQUE, reference="1")

    assert state(order) == (OrderStatus.OPEN, 0)
    assert not Payment.objects.exists()


def test_a_surplus_is_kept_as_credit_where_the_family_wants_it(order: Order) -> None:
    payment = at_counter(order, 6000, keeps_surplus=True)

    assert (payment.amount_cents, payment.rounding_cents) == (6002, -2)
    assert state(order) == (OrderStatus.SETTLED, 0)
    assert credit.balance(order.guardian_id, order.payee_id) == 450
    assert ledger.totals(order.payee_id)[Account.CASH] == 6000


def test_a_sum_that_no_coins_make_is_refused_in_cash(order: Order) -> None:
    with pytest.raises(counter.NoSuchCoins):
        at_counter(order, 1001)


def test_what_the_organisation_does_not_accept_is_refused(order: Order) -> None:
    paying(counter=["cheque"])
    with pytest.raises(counter.MeansRefused):
        at_counter(order, 5550)
    paying(counter=[])
    with pytest.raises(counter.MeansRefused):
        at_counter(order, 5552, Means.CHEQUE, reference="1")
    with pytest.raises(counter.MeansRefused):
        at_counter(order, 5552, Means.ONLINE)

    assert not Payment.objects.exists()


def test_less_than_the_first_part_settles_nothing_where_nobody_pays_later(order: Order) -> None:
    paying(later="nobody")

    with pytest.raises(counter.TooLittle):
        at_counter(order, 2000)


def test_a_form_that_is_sent_twice_is_entered_once(order: Order) -> None:
    payment_id = ids.uuid7()

    first = at_counter(order, 2000, payment_id=payment_id)
    second = at_counter(order, 2000, payment_id=payment_id)

    assert first == second
    assert Payment.objects.count() == 1
    assert state(order) == (OrderStatus.SETTLED, 3552)


@pytest.mark.parametrize("cents", [2000, 5550])
def test_a_form_whose_twin_was_entered_since_it_was_looked_for_is_the_same_payment(
    order: Order, cents: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment_id = ids.uuid7()

    def twin_goes_first(*_: object, **__: object) -> None:
        monkeypatch.undo()
        at_counter(order, cents, payment_id=payment_id)

    monkeypatch.setattr(counter, "cancel_payments_of", twin_goes_first)

    assert at_counter(order, cents, payment_id=payment_id).id == payment_id
    assert Payment.objects.count() == 1
    assert sum(ledger.totals(order.payee_id).values()) == 0
    assert ledger.totals(order.payee_id)[Account.CASH] == cents


def test_nothing_is_received_for_what_is_paid_or_let_go(order: Order) -> None:
    at_counter(order, 5550)
    with pytest.raises(NothingOwed):
        at_counter(order, 5)
    other = an_order(an_option(price=100))
    let_go([other], at=clock.now())
    with pytest.raises(OrderGone):
        at_counter(other, 100)


def test_a_card_that_is_being_charged_is_waited_for(order: Order) -> None:
    at_counter(order, 2000)
    asked = Payment.objects.create(
        order=order,
        attempt=2,
        amount_cents=3552,
        currency=order.currency,
        method="Visa •••• 4242",
        started_at=clock.now(),
    )
    Instalment.objects.filter(order=order).update(status=InstalmentStatus.CHARGING, payment=asked)

    with pytest.raises(ChargeUnderWay):
        at_counter(order, 3550)


def test_the_page_that_was_open_is_closed_first(sandbox, account) -> None:
    order = an_order(an_option(price=5552, offering=an_offering(payee=a_payee(processor_account=account.processor_id))))
    page = a_page(order)

    at_counter(order, 5550)

    sandbox.pay(page)
    assert sandbox.books(account.processor_id)["charges"] == []
    assert state(order) == (OrderStatus.SETTLED, 0)
    assert not Refund.objects.exists()


def test_what_was_just_paid_online_is_not_received_again(sandbox, account) -> None:
    order = an_order(an_option(price=5552, offering=an_offering(payee=a_payee(processor_account=account.processor_id))))
    sandbox.pay(a_page(order))

    with pytest.raises(AlreadyPaid):
        at_counter(order, 5550)

    assert state(order) == (OrderStatus.SETTLED, 0)
    assert [registration.status for registration in registrations_of(order)] == ["confirmed"]
    assert set(Payment.objects.values_list("means", flat=True)) == {Means.ONLINE}


def at_once(organisation: Organisation, order: Order, payment_ids: list[UUID]) -> list[object]:
    """Each of them sent by a clerk of its own, at the same instant."""
    together, said = threading.Barrier(len(payment_ids)), []

    def clerk(payment_id: UUID) -> None:
        try:
            with in_organisation(organisation):
                together.wait(timeout=10)
                said.append(at_counter(order, 5550, payment_id=payment_id).id)
        except Exception as error:
            said.append(type(error))
        finally:
            django_connection.close()

    clerks = [threading.Thread(target=clerk, args=[each]) for each in payment_ids]
    for each in clerks:
        each.start()
    for each in clerks:
        each.join(timeout=30)
    return said


@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_the_same_instant_receive_it_once(organisation_a: Organisation) -> None:
    an_organisation_profile()
    order = an_order(an_option(price=5552))

    said = at_once(organisation_a, order, [ids.uuid7() for _ in range(4)])

    assert [each for each in said if isinstance(each, UUID)] == list(
        Payment.objects.filter(status=Status.SUCCEEDED).values_list("id", flat=True)
    )
    assert {each for each in said if not isinstance(each, UUID)} <= {counter.ReceivedMeanwhile, NothingOwed}
    assert len(said) == 4
    assert state(order) == (OrderStatus.SETTLED, 0)
    assert not Refund.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_at_the_same_instant_is_one_payment(organisation_a: Organisation) -> None:
    an_organisation_profile()
    order = an_order(an_option(price=5552))
    payment_id = ids.uuid7()

    assert at_once(organisation_a, order, [payment_id] * 4) == [payment_id] * 4
    assert Payment.objects.count() == 1
    assert ledger.totals(order.payee_id)[Account.CASH] == 5550
