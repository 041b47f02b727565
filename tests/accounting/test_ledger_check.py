"""The books against themselves: right ones have no fault, and each kind of wrong one is named."""

import json

import pytest
from django.core.management import CommandError, call_command

from kernel import clock
from kernel.database import connection
from tenant_apps.accounting.proof import ledger_check
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account, Numbering, Order
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.payments import queries
from tenant_apps.payments.models import Instalment, Means, Payment, Receipt, Refund, RefundStatus, Status
from tenant_apps.payments.operations import refund
from tests.factories.orders import an_order
from tests.payments.sandbox import REFUND_FAILS_LATER

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(sandbox, paid):
    """One order among others: paid, given back in part, given back for nothing, waiting."""
    order = paid()
    given_back(paid(card=REFUND_FAILS_LATER), 12600)
    sandbox.control("clock", {"advance_seconds": 3600})
    refund.refresh_refund(processor_id=Refund.objects.get().processor_id, at=clock.now())
    given_back(order, 2600)
    return order


def given_back(order, cents):
    refund.owe_refund(payment=queries.latest_payment(order), cents=cents, reason="change:x", at=clock.now())
    refund.send_refunds(at=clock.now())


def faults():
    return [(fault.check, fault.subject, fault.expected, fault.found) for fault in ledger_check.check()]


def stray(order, debit, credit, cents=100, source="stray", **more):
    ledger.enter(debit=debit, credit=credit, cents=cents, source=source, order=order, at=clock.now(), **more)


def test_books_that_are_right_have_no_fault(order, option):
    an_order(option)

    assert Refund.objects.filter(status=RefundStatus.FAILED).count() == 1
    assert faults() == []


def test_an_order_that_owes_another_sum_than_was_sold_less_paid_is_named(order):
    stray(order, Account.RECEIVABLE, Account.CASH)

    assert faults() == [
        ("an order owes what was sold less what was paid", f"order {order.reference}", 2600, 2700),
        ("a row has a cause and accounts that the books know", "stray", 0, 100),
    ]


def test_a_payment_without_its_row_is_named(order):
    payment = Payment.objects.create(
        order=order,
        attempt=9,
        means=Means.CASH,
        amount_cents=100,
        currency="cad",
        status=Status.SUCCEEDED,
        started_at=clock.now(),
    )

    found = faults()

    assert ("the rows of each payment", f"payment:{payment.id}:received", 100, 0) in found
    assert ("a payment has one receipt", f"payment {payment.id}", 1, 0) in found


def test_a_row_of_a_payment_that_never_succeeded_is_named(order):
    stray(order, Account.CASH, Account.RECEIVABLE, source="payment:none:received")

    assert ("the rows of each payment", "payment:none:received", 0, 100) in faults()


def test_a_row_with_another_amount_than_its_payment_is_named(order):
    payment = queries.latest_payment(order)
    Payment.objects.filter(pk=payment.pk).update(amount_cents=12601)

    assert ("the rows of each payment", f"payment:{payment.id}:received", 12601, 12600) in faults()


def test_a_refund_that_went_without_its_row_is_named(order):
    [failed] = Refund.objects.filter(status=RefundStatus.FAILED)
    Refund.objects.filter(pk=failed.pk).update(status=RefundStatus.SUCCEEDED)

    assert faults() == [("the rows of each refund", f"refund:{failed.id}:returned", 0, 12600)]


def test_more_due_later_than_is_owed_is_named(order):
    Instalment.objects.create(order=order, position=1, amount_cents=5000, left_cents=5000, due_on="2030-01-01")

    assert faults() == [("no more is due later than is owed", f"order {order.reference}", 2600, 5000)]


def test_the_sale_of_an_order_that_is_not_settled_is_named(order):
    Order.objects.filter(pk=order.pk).update(status=OrderStatus.CANCELLED)

    assert faults() == [("only a settled order is sold", f"order {order.reference}", 0, 12600)]


def test_a_row_of_another_payee_than_its_orders_is_named(order):
    from tests.factories.organisation import a_payee

    Order.objects.filter(pk=order.pk).update(payee=a_payee())

    assert "a row is of its order's payee and currency" in {check for check, *_rest in faults()}


def test_a_credit_below_zero_is_named(order):
    stray(order, Account.CREDIT, Account.CASH, guardian_id=order.guardian_id)

    assert faults() == [
        ("a family's credit covers what it reserves", f"guardian {order.guardian_id}", 0, -100),
        ("a row has a cause and accounts that the books know", "stray", 0, 100),
    ]


def test_a_gap_in_the_numbers_is_named(order):
    Numbering.objects.filter(series="receipts").update(last=9)

    assert faults() == [("receipts are numbered without a gap", order.payee.name, 9, 2)]


def test_a_payment_without_a_receipt_is_named(order):
    payment = queries.latest_payment(order)
    Receipt.objects.filter(payment=payment).delete()

    assert ("a payment has one receipt", f"payment {payment.id}", 1, 0) in faults()


def said(capsys, *words):
    """What a command wrote for organisation A, and how it ended."""
    ended = 0
    try:
        call_command(*words, "--organisation", "a", "--json")
    except SystemExit as exit_:
        ended = exit_.code
    return ended, json.loads(capsys.readouterr().out)["a"]


def test_the_command_says_that_all_is_right_or_ends_with_one_and_names_the_rows(order, capsys):
    assert said(capsys, "ledger", "check") == (0, [])
    Numbering.objects.filter(series="receipts").update(last=9)

    ended, [fault] = said(capsys, "ledger", "check")

    assert (ended, fault["check"], fault["expected"]) == (1, "receipts are numbered without a gap", 9)


def test_the_command_of_reconciliation_says_the_same_of_the_processors_books(order, account, sandbox, capsys):
    ended, [row] = said(capsys, "reconcile")
    assert (ended, row["account"], row["away"], row["differences"]) == (0, account.processor_id, False, [])
    charge = sandbox.books(account.processor_id)["charges"][0]
    sandbox.control(f"objects/{charge['id']}", {"amount_captured": 12620})

    ended, [row] = said(capsys, "reconcile")
    assert ended == 1
    assert row["differences"] == [
        {"kind": "charge", "reference": charge["id"], "theirs": 12620, "ours": 12600, "currency": "cad"}
    ]
    assert said(capsys, "reconcile", "--since", "2h")[0] == 1
    assert said(capsys, "reconcile", "--since", "2100-01-01T00:00+00:00")[0] == 0


def test_the_commands_refuse_what_they_do_not_know(organisation_a):
    with pytest.raises(CommandError):
        call_command("ledger", "check", "--organisation", "nobody")
    with pytest.raises(CommandError):
        call_command("reconcile", "--since", "yesterday")


@pytest.mark.django_db(transaction=True)
def test_the_books_are_read_as_they_were_at_one_instant(organisation_a, monkeypatch):
    seen = []

    def look():
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('transaction_isolation'), current_setting('transaction_read_only')")
            seen.append(cursor.fetchone())
        return []

    monkeypatch.setattr(ledger_check.sums, "check", look)

    assert ledger_check.check() == []
    look()

    assert seen == [("repeatable read", "on"), ("read committed", "off")]
