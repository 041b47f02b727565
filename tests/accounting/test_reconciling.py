"""The processor's books against ours, asked of the real client."""

import pytest

from billing.gateway import books
from billing.gateway.client import client
from kernel import clock
from tenant_apps.accounting import reconciling
from tenant_apps.accounting.models import LineStatus, StatementLine
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.payments import queries
from tenant_apps.payments.models import Payment, Receipt, RefundStatus, Status
from tenant_apps.payments.operations import refund
from tenants.context import in_registry
from tests.factories.organisation import a_payee
from tests.payments.sandbox import REFUND_FAILS_LATER

pytestmark = pytest.mark.django_db

DISPUTED = "4000000000000259"
FEE = 395  # 2,9 % of 126,00 and 0,30


def reconcile(since=None):
    return [
        (difference.kind.value, difference.reference, difference.cents, difference.expected_cents)
        for report in reconciling.reconcile_all(at=clock.now(), since=since)
        for difference in report.differences
    ]


def lines():
    return list(StatementLine.objects.order_by("found_at").values_list("kind", "status", "cents", "expected_cents"))


def processor(account):
    return books.balance(account.processor_id).get("cad", 0)


def given_back(order, cents, reason="change:x"):
    payment = queries.latest_payment(order)
    found = refund.owe_refund(payment=payment, cents=cents, reason=reason, at=clock.now())
    refund.send_refunds(at=clock.now())
    found.refresh_from_db()
    return found


def a_charge_of_somebody_else(account, cents=4200):
    return client().v1.payment_intents.create(
        {
            "amount": cents,
            "currency": "cad",
            "payment_method": "pm_card_visa",
            "confirm": True,
            "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
        },
        {"stripe_account": account.processor_id},
    )


def test_books_that_agree_have_no_difference_and_the_fees_are_entered_once(sandbox, account, paid):
    paid(), paid()

    assert [reconcile(), reconcile()] == [[], []]

    totals = ledger.totals()
    assert (totals[Account.FEES], totals[Account.PROCESSOR]) == (2 * FEE, 2 * 12600 - 2 * FEE)
    assert totals[Account.PROCESSOR] == processor(account)
    assert sum(totals.values()) == 0
    assert lines() == []


def test_what_the_platform_keeps_is_entered_apart_from_the_processors_fee(sandbox, account, paid):
    account.fee_basis_points = 100
    with in_registry():
        account.save()
    order = paid()

    assert reconcile() == []
    totals = ledger.totals()
    assert (totals[Account.PLATFORM_FEES], totals[Account.FEES]) == (126, FEE)
    assert totals[Account.PROCESSOR] == processor(account)

    given_back(order, 12600)

    assert reconcile() == []
    totals = ledger.totals()
    assert (totals[Account.PLATFORM_FEES], totals[Account.FEES]) == (0, FEE)
    assert totals[Account.PROCESSOR] == processor(account)


def test_a_payment_of_which_nobody_told_is_settled(sandbox, account, paid):
    order = paid(told=False)

    assert reconcile(since=clock.now() - reconciling.RECENT) == []

    order.refresh_from_db()
    assert order.status == OrderStatus.SETTLED
    assert Receipt.objects.count() == 1


def test_a_payment_whose_page_we_never_heard_of_is_settled_by_its_money(sandbox, account, paid):
    order = paid(told=False)
    Payment.objects.filter(order=order).update(session_id=None, page_url="")

    assert reconcile() == []

    order.refresh_from_db()
    assert order.status == OrderStatus.SETTLED


def test_money_that_is_nobodys_has_a_home_and_a_line_until_somebody_explains_it(sandbox, account, paid):
    paid()
    intent = a_charge_of_somebody_else(account)

    found = [("charge", intent.latest_charge, 4200, None)]
    assert [reconcile(), reconcile()] == [found, found]

    totals = ledger.totals()
    assert totals[Account.UNCLAIMED] == -4200
    assert totals[Account.PROCESSOR] == processor(account)
    assert lines() == [("charge", LineStatus.OPEN, 4200, None)]


def test_a_second_charge_of_the_same_payment_is_not_taken_for_the_first(sandbox, account, paid):
    order = paid()
    intent = a_charge_of_somebody_else(account, 12600)
    sandbox.control(f"objects/{intent.latest_charge}", {"metadata": {"payment": str(queries.latest_payment(order).id)}})

    assert reconcile() == [("charge", intent.latest_charge, 12600, None)]
    assert Payment.objects.filter(status=Status.SUCCEEDED).count() == 1


def test_money_that_turns_out_to_be_a_payment_is_no_longer_to_be_claimed(sandbox, account, paid):
    order = paid(told=False)
    sandbox.control("faults", [{"kind": "status", "status": 500, "path": "checkout/sessions"}])
    assert len(reconcile()) == 1
    assert ledger.totals()[Account.UNCLAIMED] == -12600

    sandbox.control("faults", [])

    assert reconcile() == []
    totals = ledger.totals()
    assert (totals[Account.UNCLAIMED], totals[Account.PROCESSOR]) == (0, processor(account))
    assert lines() == [("charge", LineStatus.MATCHED, 12600, None)]
    order.refresh_from_db()
    assert order.status == OrderStatus.SETTLED


def test_a_payment_that_the_processor_does_not_have_is_a_line(sandbox, account, paid):
    order = paid()
    Payment.objects.filter(order=order).update(intent_id="pi_invented")
    payment = queries.latest_payment(order)

    found = reconcile()

    assert ("charge", "pi_invented", 0, 12600) in found
    assert len(found) == 2
    assert StatementLine.objects.get(reference="pi_invented").payment_id == payment.id


def test_refunds_agree_also_those_that_come_back_weeks_later(sandbox, account, paid):
    given_back(paid(), 2600)
    late = given_back(paid(card=REFUND_FAILS_LATER), 12600)
    assert reconcile() == []

    sandbox.control("clock", {"advance_seconds": 3600})

    assert reconcile() == []
    late.refresh_from_db()
    assert late.status == RefundStatus.FAILED
    assert ledger.totals()[Account.PROCESSOR] == processor(account)


def test_a_refund_that_waits_for_money_is_on_its_way_and_no_difference(sandbox, account, paid):
    sandbox.control("faults", [{"kind": "refunds_pending", "times": 1}])
    waiting = given_back(paid(), 12600)
    assert waiting.status == RefundStatus.PENDING
    assert reconcile() == []

    sandbox.control("clock", {"advance_seconds": 4 * 86400})

    assert reconcile() == []
    waiting.refresh_from_db()
    assert waiting.status == RefundStatus.SUCCEEDED
    assert ledger.totals()[Account.PROCESSOR] == processor(account)


def test_a_refund_made_at_the_processor_itself_is_a_line_and_is_in_the_ledger(sandbox, account, paid):
    payment = queries.latest_payment(paid())
    made = client().v1.refunds.create(
        {"payment_intent": payment.intent_id, "amount": 1000}, {"stripe_account": account.processor_id}
    )

    assert reconcile() == [("refund", made.id, -1000, None)]
    totals = ledger.totals()
    assert (totals[Account.UNCLAIMED], totals[Account.PROCESSOR]) == (1000, processor(account))


def test_payouts_are_entered_once_and_are_the_sum_of_what_they_paid_out(sandbox, account, paid):
    paid(), paid()
    sandbox.control("clock", {"advance_seconds": 3 * 86400})
    [payout] = sandbox.control(f"accounts/{account.processor_id}/payout", {})["payouts"]

    assert [reconcile(), reconcile()] == [[], []]

    totals = ledger.totals()
    assert (totals[Account.BANK], totals[Account.PROCESSOR]) == (payout["amount"], 0)


def test_a_payout_that_the_bank_would_not_have_comes_back(sandbox, account, paid):
    paid()
    sandbox.control("clock", {"advance_seconds": 3 * 86400})
    [payout] = sandbox.control(f"accounts/{account.processor_id}/payout", {})["payouts"]
    reconcile()
    client().v1.payouts.cancel(payout["id"], {}, {"stripe_account": account.processor_id})

    assert reconcile() == []

    totals = ledger.totals()
    assert (totals[Account.BANK], totals[Account.PROCESSOR]) == (0, processor(account))


def test_a_ledger_that_does_not_close_with_the_balance_is_a_line(sandbox, account, paid, payee):
    paid()
    ledger.enter(
        debit=Account.PROCESSOR,
        credit=Account.REVENUE,
        cents=1,
        source="stray",
        of=(payee.id, "cad"),
        at=clock.now(),
    )

    assert reconcile() == [("balance", "cad", 12600 - FEE, 12600 - FEE + 1)]


def test_with_the_processor_away_nothing_is_said_and_nothing_closed(sandbox, account, paid):
    intent = a_charge_of_somebody_else(account)
    assert len(reconcile()) == 1
    sandbox.control("faults", [{"kind": "status", "status": 500, "path": "balance_transactions"}])

    [report] = reconciling.reconcile_all(at=clock.now())

    assert report.is_away
    assert lines() == [("charge", LineStatus.OPEN, 4200, None)]
    assert intent.status == "succeeded"


def test_a_recent_look_closes_only_what_it_has_seen(sandbox, account, paid):
    a_charge_of_somebody_else(account)
    reconcile()
    sandbox.control("clock", {"advance_seconds": 3 * 86400})

    reconcile(since=clock.now() + reconciling.RECENT)

    assert lines() == [("charge", LineStatus.OPEN, 4200, None)]


def test_money_that_moves_between_two_questions_is_no_difference(sandbox, account, paid, monkeypatch):
    paid()
    asked = []

    def as_it_was_before(name):
        asked.append(name)
        return {"cad": 0} if len(asked) == 1 else balance(name)

    balance = books.balance
    monkeypatch.setattr(books, "balance", as_it_was_before)

    assert reconcile() == []
    assert (len(asked), lines()) == (2, [])


def test_two_payees_of_one_account_are_looked_at_together(sandbox, account, paid):
    a_payee("École voisine", processor_account=account.processor_id)
    paid()

    [report] = reconciling.reconcile_all(at=clock.now())

    assert (len(report.payees), report.differences) == (2, [])


def test_a_dispute_is_the_same_in_both_books_with_its_fee(sandbox, account, paid):
    order = paid(card=DISPUTED)
    payment = queries.latest_payment(order)

    assert reconcile() == []

    payment.refresh_from_db()
    assert payment.dispute["status"] == "needs_response"
    totals = ledger.totals()
    assert (totals[Account.DISPUTES], totals[Account.FEES]) == (12600, FEE + 1500)
    assert totals[Account.PROCESSOR] == processor(account)

    sandbox.control(f"disputes/{payment.dispute['id']}/close", {"won": True})

    assert reconcile() == []
    totals = ledger.totals()
    assert (totals[Account.DISPUTES], totals[Account.PROCESSOR]) == (0, processor(account))
    sandbox.control(f"objects/{payment.dispute['id']}", {"amount": 12620})
    assert reconcile() == [("dispute", payment.dispute["id"], -12620, -12600)]
