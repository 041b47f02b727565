"""A payer's bank that contests: the money is followed, nothing is given back twice, and staff are told in time."""

from uuid import uuid4

import pytest

from billing.gateway.client import client
from billing.gateway.disputes import Dispute
from kernel import clock
from shared_apps.outbox.models import Event
from tenant_apps.orders import ledger
from tenant_apps.payments import events, queries, refunding
from tenant_apps.payments.disputed import dispute_words
from tenant_apps.payments.errors import MoreThanPaid
from tenant_apps.payments.models import Payment
from tenant_apps.payments.operations import disputes, refund_by_hand, settle
from tenant_apps.registrations.models import Status as Registered
from tests.factories.catalog import an_offering, an_option
from tests.factories.orders import a_page, an_order, registrations_of
from tests.factories.organisation import a_payee
from tests.factories.refunds import CLERK

pytestmark = pytest.mark.django_db

DISPUTED = "4000000000000259"
MONTH = 36 * 24 * 3600


@pytest.fixture
def order(account):
    payee = a_payee(processor_account=account.processor_id)
    return an_order(an_option(price=900, places=5, offering=an_offering(payee=payee, hold_minutes=60)))


@pytest.fixture
def payment(sandbox, order):
    sandbox.pay(a_page(order), card=DISPUTED)
    return settle.settle(payment_id=queries.latest_payment(order).id, at=clock.now())


def dispute_of(account, payment):
    found = client().v1.disputes.list({"payment_intent": payment.intent_id}, {"stripe_account": account.processor_id})
    return found.data[0].to_dict()


def hear(account, payment, times=1):
    for _ in range(times):
        events.dispute_changed(dispute_of(account, payment))
    payment.refresh_from_db()


def balances():
    return {account.value: cents for account, cents in ledger.totals().items() if cents}


def decide(sandbox, account, payment, *, won):
    sandbox.control(f"disputes/{dispute_of(account, payment)['id']}/close", {"won": won})
    hear(account, payment, times=2)


def test_what_the_bank_takes_is_entered_once_and_staff_have_a_day_to_answer(account, payment):
    hear(account, payment, times=3)

    assert balances() == {"revenue": -900, "disputes": 900}
    assert (payment.dispute["status"], payment.dispute["cents"]) == ("needs_response", 900)
    assert payment.dispute["due_on"]
    assert Event.objects.filter(kind="payments.disputed").count() == 1


def test_what_is_contested_cannot_be_given_back_too(account, payment):
    hear(account, payment)

    assert refunding.left_of(payment.id) == 0
    with pytest.raises(MoreThanPaid):
        refund_by_hand.give_back(order_id=payment.order_id, cents=1, words="", key=uuid4(), actor=CLERK, at=clock.now())


def test_a_dispute_that_is_won_brings_the_money_back(sandbox, account, payment):
    hear(account, payment)

    decide(sandbox, account, payment, won=True)

    assert balances() == {"revenue": -900, "processor": 900}
    assert refunding.left_of(payment.id) == 900


def test_a_dispute_that_is_lost_makes_the_order_owe_and_leaves_the_place(sandbox, account, payment):
    hear(account, payment)

    decide(sandbox, account, payment, won=False)

    assert balances() == {"revenue": -900, "receivable": 900}
    assert ledger.balance_of_order(payment.order_id) == 900
    assert [each.status for each in registrations_of(payment.order)] == [Registered.CONFIRMED]
    assert refunding.left_of(payment.id) == 0


def test_a_question_that_is_closed_is_no_dispute_that_still_waits():
    asked = {"id": "dp_1", "status": "warning_closed", "cents": 900, "due_on": ""}

    assert dispute_words(asked) == (
        "La banque du payeur avait une question sur ce paiement. Elle l’a close, et n’a rien repris."
    )
    assert refunding.contested_cents(Payment(dispute=asked)) == 0


def test_the_end_may_be_heard_of_before_the_beginning(sandbox, account, payment):
    decide(sandbox, account, payment, won=False)

    assert balances() == {"revenue": -900, "receivable": 900}


def test_another_organisation_s_dispute_is_passed_over(account, payment):
    dispute = dispute_of(account, payment)
    Payment.objects.update(intent_id="pi_another")

    events.dispute_changed(dispute)

    assert balances() == {"revenue": -900, "processor": 900}


def test_each_dispute_of_a_payment_takes_its_part_of_what_may_go_back(payment):
    def told(name, status, cents):
        dispute = Dispute(name, status, cents, payment.intent_id, taken_cents=cents, returned_cents=0, due_at=None)
        disputes.enter(payment=payment, dispute=dispute, at=clock.now())

    told("dp_1", "lost", 600)
    told("dp_2", "needs_response", 200)
    told("dp_1", "lost", 600)

    payment.refresh_from_db()
    assert refunding.left_of(payment.id) == 100
    assert ledger.balance_of_order(payment.order_id) == 600
    # What is not decided is what staff are shown, and what keeps the next part from being taken.
    assert (payment.dispute["id"], [each["id"] for each in payment.dispute["others"]]) == ("dp_2", ["dp_1"])
    told("dp_2", "lost", 200)
    payment.refresh_from_db()
    assert (refunding.left_of(payment.id), ledger.balance_of_order(payment.order_id)) == (100, 800)
    assert Event.objects.filter(kind="payments.disputed").count() == 3
