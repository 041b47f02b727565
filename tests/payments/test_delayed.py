"""Payments that a bank answers days later: the place is kept, and given time when the answer is no."""

from datetime import datetime, timedelta

import pytest

from kernel import clock
from shared_apps.outbox.models import Event
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.organisation import queries as organisation
from tenant_apps.payments import failing, queries
from tenant_apps.payments.models import Payment, Refund, Status
from tenant_apps.payments.operations import settle, sweep
from tenant_apps.payments.operations.begin import begin_payment
from tenant_apps.registrations.models import Places
from tenant_apps.registrations.models import Status as Registered
from tests.factories.catalog import an_offering, an_option
from tests.factories.instalments import practice_of_payment
from tests.factories.orders import CANCEL_URL, RETURN_URL, a_page, an_order, registrations_of
from tests.factories.organisation import a_payee
from tests.factories.registrations import a_hold

DAY = timedelta(days=1)
PAYS = {"method": "acss_debit", "institution": "110", "transit": "11000", "account": "000123456789"}
BOUNCES = {**PAYS, "account": "000222222227"}


@pytest.fixture
def option(account):
    practice_of_payment(methods=["card", "acss_debit"], grace_days=14)
    offering = an_offering(payee=a_payee(processor_account=account.processor_id), hold_minutes=60)
    return an_option(price=12600, places=1, offering=offering)


@pytest.fixture
def order(option):
    return an_order(option)


def told(kind):
    return Event.objects.filter(kind=kind).count()


def state(order):
    order.refresh_from_db()
    return order.status, [line.status for line in registrations_of(order)], queries.latest_payment(order).status


def pass_days(sandbox, days):
    """The sandbox's time goes on, and the moment it comes to is returned."""
    sandbox.control("clock", {"advance_seconds": days * 24 * 3600})
    return clock.now() + days * DAY


WAITING = (OrderStatus.OPEN, [Registered.AWAITING_PAYMENT], Status.PROCESSING)


@pytest.fixture
def under_way(sandbox, order):
    """Sent to the bank by `account`."""

    def send(account):
        sandbox.pay(a_page(order), **account)
        sweep.sweep(at=clock.now() + timedelta(minutes=3))
        return order

    return send


def test_the_place_is_kept_while_the_bank_has_it_however_long_the_hold_was(sandbox, under_way):
    order = under_way(PAYS)

    for hours in (1, 30, 100):
        sweep.sweep(at=clock.now() + timedelta(hours=hours))

    assert state(order) == WAITING
    assert told("payments.processing") == 1
    assert ledger.totals() == dict.fromkeys(Account, 0)


def test_days_later_the_money_comes_and_the_registration_is_confirmed(sandbox, under_way):
    order = under_way(PAYS)

    at = pass_days(sandbox, 6)
    sweep.ask_the_banks(at=at)

    assert state(order) == (OrderStatus.SETTLED, [Registered.CONFIRMED], Status.SUCCEEDED)
    assert ledger.totals()[Account.PROCESSOR] == 12600
    assert queries.latest_payment(order).method == "Acss debit"


def test_a_bank_that_says_no_leaves_two_weeks_to_pay_otherwise_and_everybody_knows(sandbox, under_way):
    order = under_way(BOUNCES)
    at = pass_days(sandbox, 6)

    for _ in range(2):
        sweep.ask_the_banks(at=at)
        sweep.sweep(at=at)

    assert state(order) == (OrderStatus.OPEN, [Registered.AWAITING_PAYMENT], Status.FAILED)
    [line] = registrations_of(order)
    assert 14 * DAY < line.held_until - at <= 15 * DAY
    [event] = Event.objects.filter(kind="payments.bounced")
    assert event.payload["payment"] == str(queries.latest_payment(order).id)
    assert datetime.fromisoformat(event.payload["until"]) == line.held_until
    assert list(failing.bounced()) == [order]


def test_in_that_time_the_family_pays_by_card(sandbox, under_way):
    order = under_way(BOUNCES)
    at = pass_days(sandbox, 6)
    sweep.ask_the_banks(at=at)

    page = begin_payment(order_id=order.id, return_url=RETURN_URL, cancel_url=CANCEL_URL, at=at)
    sandbox.pay(page)
    settle.settle(payment_id=queries.latest_payment(order).id, at=at)

    assert state(order) == (OrderStatus.SETTLED, [Registered.CONFIRMED], Status.SUCCEEDED)
    assert list(failing.bounced()) == []


def test_after_that_time_the_place_is_free_again(sandbox, under_way):
    order = under_way(BOUNCES)
    at = pass_days(sandbox, 6)
    sweep.ask_the_banks(at=at)

    sweep.sweep(at=at + 14 * DAY)
    assert state(order)[0] == OrderStatus.OPEN
    sweep.sweep(at=at + 16 * DAY)

    assert state(order)[:2] == (OrderStatus.CANCELLED, [Registered.RELEASED])


@pytest.mark.parametrize("is_taken", [False, True], ids=["free", "taken"])
def test_money_that_comes_after_the_place_was_let_go_wins_it_back_or_goes_back(sandbox, under_way, option, is_taken):
    order = under_way(PAYS)
    payment = queries.latest_payment(order)
    # What a processor that was long out of reach may come to.
    Payment.objects.filter(pk=payment.pk).update(status=Status.FAILED)
    sweep.sweep(at=clock.now() + 2 * DAY)
    assert state(order)[0] == OrderStatus.CANCELLED
    at = pass_days(sandbox, 6)
    if is_taken:
        a_hold(option, at=at)

    settle.settle(payment_id=payment.id, at=at)

    assert [line.status for line in registrations_of(order)] == [
        Registered.RELEASED if is_taken else Registered.CONFIRMED
    ]
    assert list(Refund.objects.values_list("amount_cents", "reason")) == ([(12600, "places_gone")] if is_taken else [])
    assert Places.objects.get(option_id=option.id).taken == 1


def test_bancontact_that_is_left_without_an_answer_frees_the_place_within_65_minutes(sandbox, account):
    profile = organisation.profile()
    profile.currency = "eur"
    profile.save()
    practice_of_payment(methods=["card", "bancontact"])
    option = an_option(
        price=5000, places=1, offering=an_offering(payee=a_payee(processor_account=account.processor_id))
    )
    order = an_order(option)
    bank = sandbox.pay(a_page(order), method="bancontact")
    assert "/bancontact/" in bank.location

    for minutes in range(5, 66, 5):
        sandbox.control("clock", {"advance_seconds": 300})
        sweep.sweep(at=clock.now() + timedelta(minutes=minutes))

    assert state(order) == (OrderStatus.CANCELLED, [Registered.RELEASED], Status.CANCELLED)
    assert Places.objects.get(option_id=option.id).taken == 0


def test_a_payment_whose_page_was_never_kept_is_given_up_and_blocks_nothing(sandbox, order):
    lost = Payment.objects.create(order=order, attempt=1, amount_cents=12600, currency="cad", started_at=clock.now())

    sweep.sweep(at=clock.now() + timedelta(minutes=9))
    assert queries.latest_payment(order).status == Status.STARTED
    sweep.sweep(at=clock.now() + timedelta(minutes=11))

    lost.refresh_from_db()
    assert (lost.status, lost.is_page_closed) == (Status.CANCELLED, True)
    assert a_page(order)


def test_what_was_paid_on_a_page_that_was_never_kept_is_found(sandbox, order):
    sandbox.pay(a_page(order))
    Payment.objects.update(session_id=None, page_url="")

    sweep.sweep(at=clock.now() + timedelta(minutes=11))

    assert state(order) == (OrderStatus.SETTLED, [Registered.CONFIRMED], Status.SUCCEEDED)
