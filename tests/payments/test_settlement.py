"""One road to a settlement, taken by the browser, the event and the sweep, in any order and number."""

from datetime import timedelta

import pytest

from billing.gateway import checkout
from kernel import clock
from shared_apps.audit.actors import SYSTEM
from shared_apps.outbox.models import Event
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account, Order, Transfer
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.payments import events, queries
from tenant_apps.payments.errors import AlreadyPaid, AmountMismatch, OrderGone, PaymentUnavailable
from tenant_apps.payments.models import Payment, Receipt, Refund, RefundStatus, Status
from tenant_apps.payments.operations import refund, settle, sweep
from tenant_apps.payments.operations.begin import begin_payment
from tenant_apps.payments.operations.check_out import check_out, leave_check_out
from tenant_apps.registrations.errors import BasketChanged
from tenant_apps.registrations.models import Registration
from tenant_apps.registrations.models import Status as RegistrationStatus
from tests.factories.catalog import an_offering, an_option
from tests.factories.orders import CANCEL_URL, RETURN_URL, a_page, an_order, registrations_of
from tests.factories.organisation import a_payee
from tests.factories.registrations import a_hold
from tests.payments.sandbox import DECLINED, REFUND_FAILS_LATER

pytestmark = pytest.mark.django_db


@pytest.fixture
def offering(account):
    return an_offering(payee=a_payee(processor_account=account.processor_id), hold_minutes=60)


@pytest.fixture
def option(offering):
    return an_option("11 janvier 2023", price=550, places=5, offering=offering)


def settled(order):
    payment = queries.latest_payment(order)
    return settle.settle(payment_id=payment.id, at=clock.now())


def statuses(order):
    order.refresh_from_db()
    return order.status, [registration.status for registration in registrations_of(order)]


def test_a_paid_order_is_confirmed_entered_and_told_once(sandbox, account, option):
    order = an_order(option)
    sandbox.pay(a_page(order))

    for _ in range(3):
        payment = settled(order)

    assert payment.status == Status.SUCCEEDED
    assert payment.method == "Visa •••• 4242"
    assert statuses(order) == (OrderStatus.SETTLED, [RegistrationStatus.CONFIRMED])
    assert [(row.debit, row.credit, row.amount_cents) for row in Transfer.objects.order_by("debit")] == [
        (Account.PROCESSOR, Account.RECEIVABLE, 550),
        (Account.RECEIVABLE, Account.REVENUE, 550),
    ]
    assert ledger.balance_of_order(order.id) == 0
    assert sum(ledger.totals().values()) == 0
    assert [receipt.number for receipt in Receipt.objects.all()] == [1]
    assert Event.objects.filter(kind="orders.settled").count() == 1


def test_a_declined_card_leaves_the_place_kept_and_the_same_page_open(sandbox, account, option):
    order = an_order(option)
    page = a_page(order)

    sandbox.pay(page, card=DECLINED)

    assert settled(order).status == Status.STARTED
    assert a_page(order) == page
    assert statuses(order) == (OrderStatus.OPEN, [RegistrationStatus.AWAITING_PAYMENT])
    sandbox.pay(page)
    assert settled(order).status == Status.SUCCEEDED


def test_two_tabs_are_sent_to_the_same_page(sandbox, account, option):
    order = an_order(option)

    assert a_page(order) == a_page(order)
    assert Payment.objects.count() == 1


def test_beginning_again_after_paying_finds_the_order_settled(sandbox, account, option):
    order = an_order(option)
    sandbox.pay(a_page(order))

    again = begin_payment(order_id=order.id, return_url=RETURN_URL, cancel_url=CANCEL_URL, at=clock.now())

    assert again is None
    assert statuses(order) == (OrderStatus.SETTLED, [RegistrationStatus.CONFIRMED])


def test_checking_out_an_unchanged_basket_keeps_its_order(sandbox, account, option):
    order = an_order(option)
    page = a_page(order)

    [same] = check_out(basket_id=order.basket_id, expected_cents=550, actor=SYSTEM, language="fr", at=clock.now())

    assert same == order
    assert a_page(same) == page


def test_a_changed_basket_closes_the_old_page_before_it_makes_another_order(sandbox, account, option, offering):
    order = an_order(option)
    old_page = a_page(order)
    [registration] = registrations_of(order)
    a_hold(an_option(price=700, offering=offering), basket=order.basket, child=registration.participant, at=clock.now())

    [new] = check_out(basket_id=order.basket_id, expected_cents=1250, actor=SYSTEM, language="fr", at=clock.now())

    assert new.total_cents == 1250
    assert statuses(order)[0] == OrderStatus.CANCELLED
    sandbox.pay(old_page)
    assert sandbox.books(account.processor_id)["charges"] == []


def test_a_basket_that_is_not_what_was_shown_is_not_paid(account, option):
    order = an_order(option)

    with pytest.raises(BasketChanged):
        check_out(basket_id=order.basket_id, expected_cents=549, actor=SYSTEM, language="fr", at=clock.now())


def test_leaving_the_check_out_gives_the_basket_back(sandbox, account, option):
    order = an_order(option)
    a_page(order)

    leave_check_out(basket_id=order.basket_id, actor=SYSTEM, at=clock.now())

    assert statuses(order) == (OrderStatus.CANCELLED, [RegistrationStatus.HELD])
    assert queries.latest_payment(order).status == Status.CANCELLED


def test_one_cannot_leave_what_is_already_paid(sandbox, account, option):
    order = an_order(option)
    sandbox.pay(a_page(order))

    with pytest.raises(AlreadyPaid):
        leave_check_out(basket_id=order.basket_id, actor=SYSTEM, at=clock.now())

    assert statuses(order) == (OrderStatus.SETTLED, [RegistrationStatus.CONFIRMED])


def test_a_free_order_needs_no_card(account, offering):
    order = an_order(an_option(price=0, offering=offering))

    assert begin_payment(order_id=order.id, return_url=RETURN_URL, cancel_url=CANCEL_URL, at=clock.now()) is None
    assert statuses(order) == (OrderStatus.SETTLED, [RegistrationStatus.CONFIRMED])
    assert not Transfer.objects.exists()


def test_a_payment_that_nobody_told_of_is_found_by_the_sweep(sandbox, account, option):
    order = an_order(option)
    sandbox.pay(a_page(order))

    sweep.sweep(at=clock.now() + sweep.PATIENCE)

    assert statuses(order) == (OrderStatus.SETTLED, [RegistrationStatus.CONFIRMED])


def test_an_unpaid_order_is_let_go_once_the_processor_has_closed_its_page(sandbox, account, option):
    order = an_order(option)
    page = a_page(order)

    sweep.sweep(at=clock.now() + timedelta(minutes=61))

    assert statuses(order) == (OrderStatus.CANCELLED, [RegistrationStatus.RELEASED])
    sandbox.pay(page)
    assert sandbox.books(account.processor_id)["charges"] == []


def test_with_the_processor_away_a_place_that_may_be_paid_is_not_freed(sandbox, account, option):
    order = an_order(option)
    sandbox.pay(a_page(order))
    sandbox.control("faults", [{"kind": "status", "status": 500, "path": "checkout/sessions"}])

    sweep.sweep(at=clock.now() + timedelta(minutes=61))
    assert statuses(order) == (OrderStatus.OPEN, [RegistrationStatus.AWAITING_PAYMENT])
    sandbox.control("faults", [])
    sweep.sweep(at=clock.now() + timedelta(minutes=62))

    assert statuses(order) == (OrderStatus.SETTLED, [RegistrationStatus.CONFIRMED])


def test_a_lost_answer_does_not_open_a_second_page(sandbox, account, option):
    order = an_order(option)
    sandbox.control("faults", [{"kind": "drop_reply", "method": "POST", "path": "checkout/sessions", "times": 1}])

    sandbox.pay(a_page(order))

    assert settled(order).status == Status.SUCCEEDED
    assert len(sandbox.books(account.processor_id)["charges"]) == 1


def test_a_processor_that_does_not_answer_is_said_clearly_and_the_place_stays(sandbox, account, option):
    order = an_order(option)
    sandbox.control("faults", [{"kind": "status", "status": 500, "path": "checkout/sessions"}])

    with pytest.raises(PaymentUnavailable):
        a_page(order)

    assert statuses(order) == (OrderStatus.OPEN, [RegistrationStatus.AWAITING_PAYMENT])
    sandbox.control("faults", [])
    sandbox.pay(a_page(order))
    assert settled(order).status == Status.SUCCEEDED


def test_a_page_that_opens_after_its_basket_was_emptied_is_closed_at_once(sandbox, account, option, monkeypatch):
    order = an_order(option)
    opened = checkout.open_page

    def emptied_meanwhile(**details):
        page = opened(**details)
        leave_check_out(basket_id=order.basket_id, actor=SYSTEM, at=clock.now())
        return page

    monkeypatch.setattr(checkout, "open_page", emptied_meanwhile)

    with pytest.raises(OrderGone):
        a_page(order)

    payment = queries.latest_payment(order)
    assert (payment.status, payment.is_page_closed) == (Status.CANCELLED, True)
    sandbox.pay(payment.page_url)
    assert sandbox.books(account.processor_id)["charges"] == []


def test_money_on_a_page_given_up_without_the_processors_word_is_found_by_the_sweep(sandbox, account, option):
    order = an_order(option)
    sandbox.pay(a_page(order))
    Payment.objects.filter(order=order).update(status=Status.CANCELLED)
    Order.objects.filter(pk=order.pk).update(status=OrderStatus.CANCELLED)

    sweep.sweep(at=clock.now() + sweep.PATIENCE)

    assert statuses(order) == (OrderStatus.SETTLED, [RegistrationStatus.CONFIRMED])
    assert ledger.totals()[Account.PROCESSOR] == 550


def late_payment(sandbox, option):
    """An order paid on a page that we had given up."""
    order = an_order(option)
    page = a_page(order)
    sandbox.pay(page)
    Payment.objects.filter(order=order).update(status=Status.CANCELLED)
    Order.objects.filter(pk=order.pk).update(status=OrderStatus.CANCELLED)
    [registration] = registrations_of(order)
    Registration.objects.filter(pk=registration.pk).update(status=RegistrationStatus.RELEASED)
    from tenant_apps.registrations.places import give_back

    give_back({option.id: 1})
    return order


def test_late_money_takes_the_place_again_if_it_is_free(sandbox, account, option):
    order = late_payment(sandbox, option)

    settled(order)

    assert statuses(order) == (OrderStatus.SETTLED, [RegistrationStatus.CONFIRMED])
    assert not Refund.objects.exists()


def test_late_money_for_a_place_that_has_gone_goes_back_in_full_and_the_ledger_closes(sandbox, account, offering):
    option = an_option("Semaine 28", price=12600, places=1, offering=offering)
    order = late_payment(sandbox, option)
    a_hold(option, at=clock.now())

    for _ in range(2):
        settled(order)
        refund.send_refunds(at=clock.now())

    [given_back] = Refund.objects.all()
    assert (given_back.amount_cents, given_back.status) == (12600, RefundStatus.SUCCEEDED)
    assert statuses(order)[1] == [RegistrationStatus.RELEASED]
    assert ledger.totals() == dict.fromkeys(Account, 0)
    assert [row["amount"] for row in sandbox.books(account.processor_id)["refunds"]] == [12600]


def test_a_basket_paid_twice_is_sold_once_and_the_second_payment_goes_back(sandbox, account, option):
    first = an_order(option)
    page = a_page(first)
    sandbox.pay(page)
    Payment.objects.filter(order=first).update(status=Status.CANCELLED)
    Order.objects.filter(pk=first.pk).update(status=OrderStatus.CANCELLED)
    [second] = check_out(basket_id=first.basket_id, expected_cents=550, actor=SYSTEM, language="fr", at=clock.now())
    sandbox.pay(a_page(second))

    settled(second)
    settled(first)

    assert [(row.payment.order_id, row.amount_cents) for row in Refund.objects.all()] == [(first.id, 550)]
    assert ledger.totals()[Account.REVENUE] == -550
    assert ledger.totals()[Account.REFUNDS] == -550


@pytest.mark.parametrize("fault", [{"kind": "status", "status": 500}, {"kind": "drop_reply"}], ids=["500", "lost"])
def test_a_refund_without_an_answer_is_made_once_all_the_same(sandbox, account, option, fault):
    order = an_order(option)
    sandbox.pay(a_page(order))
    refund.owe_refund(payment=settled(order), cents=550, reason="places_gone", at=clock.now())
    sandbox.control("faults", [{**fault, "method": "POST", "path": "v1/refunds", "times": 3}])

    for _ in range(3):
        refund.send_refunds(at=clock.now())

    assert Refund.objects.get().status == RefundStatus.SUCCEEDED
    assert [row["amount"] for row in sandbox.books(account.processor_id)["refunds"]] == [550]


def test_a_refund_that_fails_later_is_owed_again(sandbox, account, offering):
    option = an_option(price=900, places=1, offering=offering)
    order = an_order(option)
    sandbox.pay(a_page(order), card=REFUND_FAILS_LATER)
    payment = settled(order)
    refund.owe_refund(payment=payment, cents=900, reason="places_gone", at=clock.now())
    refund.send_refunds(at=clock.now())
    assert ledger.totals()[Account.REFUNDS] == 0

    sandbox.control("clock", {"advance_seconds": 10 * 24 * 3600})
    [given_back] = Refund.objects.all()
    events.refund_changed({"id": given_back.processor_id})

    given_back.refresh_from_db()
    assert given_back.status == RefundStatus.FAILED
    assert ledger.totals()[Account.REFUNDS] == -900


def test_another_amount_than_the_orders_is_not_believed(sandbox, account, option):
    order = an_order(option)
    sandbox.pay(a_page(order))
    Payment.objects.filter(order=order).update(amount_cents=1)

    with pytest.raises(AmountMismatch):
        settled(order)

    assert statuses(order) == (OrderStatus.OPEN, [RegistrationStatus.AWAITING_PAYMENT])


def test_an_event_that_comes_before_the_answer_is_understood(sandbox, account, option):
    order = an_order(option)
    sandbox.pay(a_page(order))
    payment = queries.latest_payment(order)
    Payment.objects.filter(pk=payment.pk).update(session_id=None)

    events.page_changed({"id": payment.session_id, "metadata": {"payment": str(payment.id)}})

    assert statuses(order) == (OrderStatus.SETTLED, [RegistrationStatus.CONFIRMED])


def test_order_and_receipt_numbers_have_no_gap_per_payee(sandbox, account, option):
    orders = [an_order(option) for _ in range(3)]
    for order in (orders[2], orders[0]):
        sandbox.pay(a_page(order))
        settled(order)

    assert [order.number for order in orders] == [1, 2, 3]
    assert sorted(Receipt.objects.values_list("number", flat=True)) == [1, 2]
