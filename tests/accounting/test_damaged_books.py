"""What somebody could alter behind the operations, one statement at a time: the check of the books names each."""

from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from kernel import clock
from tenant_apps.accounting.models import StatementLine
from tenant_apps.accounting.proof import ledger_check
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account, Order, OrderLine, Transfer
from tenant_apps.organisation import operations as organisation
from tenant_apps.organisation import queries
from tenant_apps.payments import drawer
from tenant_apps.payments.models import Means, Payment, Refund, RefundMeans
from tenant_apps.payments.operations import crediting, depositing, refund_by_hand
from tenant_apps.registrations.models import Registration
from tests.accounting.bank import a_commune, a_week, imported, sent_for
from tests.accounting.coda import Sent
from tests.factories.catalog import an_offering, an_option
from tests.factories.counter import CLERK, at_counter, paying
from tests.factories.families import a_guardian
from tests.factories.orders import an_order

pytestmark = pytest.mark.usefixtures("organisation_a")

KNOWN = "a row has a cause and accounts that the books know"
SALE = "the rows of each sale"


def deposit(payee, counted, *cheques, note=""):
    there = drawer.of_payee(payee.id).cash_cents
    count = depositing.Count(
        expected_cents=there, counted_cents=counted, cheques=[each.id for each in cheques], note=note
    )
    return depositing.deposit(payee_id=payee.id, count=count, actor=CLERK, at=clock.now())


@pytest.fixture
def payee():
    """Sold, paid by every means of the counter and the bank, given back, deposited twice, credited."""
    payee = a_commune()
    paying(later="families", counter=["cash", "cheque"], cash_step_cents=5)
    tax = {"code": "tps", "label": "TPS", "rate": "5", "classes": ["goods"]}
    organisation.describe(rules={**queries.profile().rules, "prices": {"taxes": [tax]}})
    taxed = an_offering(payee=payee, pricing={"tax": "goods"})
    by_cheque = at_counter(an_order(a_week(payee, 10000)), 10000, Means.CHEQUE, reference="7")
    at_counter(an_order(an_option("Poterie", price=5000, offering=taxed)), 5250, Means.CASH)
    deposit(payee, 5245, by_cheque, note="Il manque une pièce")
    late = at_counter(an_order(a_week(payee, 3001)), 3000, Means.CASH)
    given = {"words": "", "actor": CLERK, "at": clock.now(), "means": RefundMeans.CASH}
    [back] = refund_by_hand.give_back(order_id=late.order_id, cents=1000, key=uuid4(), **given)
    refund_by_hand.mark_done(refund_id=back.id, proof="", actor=CLERK, at=clock.now())
    deposit(payee, 2000)
    imported(sent_for(an_order(a_week(payee, 7000)), 5000), Sent(400, words="Bonjour"))
    guardian, at = a_guardian(), clock.now()
    crediting.grant(guardian_id=guardian.id, payee_id=payee.id, cents=3000, words="x", key=uuid4(), actor=CLERK, at=at)
    assert faults() == []
    # The organisation itself may only add to its ledger: this is somebody who owns the tables.
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    return payee


def faults():
    return [(fault.check, fault.subject, fault.expected, fault.found) for fault in ledger_check.check()]


def checks():
    return {check for check, *_rest in faults()}


def altered(start="", end="", **columns):
    """Whatever is asked of the latest such row. Returns its source."""
    row = Transfer.objects.filter(source__startswith=start, source__endswith=end).latest("at")
    assert Transfer.objects.filter(pk=row.pk).update(**columns) == 1
    return row.source


RAISED = {"amount_cents": F("amount_cents") + 1}
SWAPPED = {"debit": F("credit"), "credit": F("debit")}


def test_a_sale_that_was_raised_lowered_or_named_otherwise_is_named(payee):
    assert (SALE, altered("order_line:", ":sold", **RAISED), 7000, 7001) in faults()


def test_a_tax_of_a_sale_that_was_altered_is_named(payee):
    source = altered("order_line:", ":tax:tps", **RAISED)

    assert (SALE, source, 250, 251) in faults()


def test_a_sale_that_was_deleted_is_named(payee):
    row = Transfer.objects.filter(source__startswith="order_line:", source__endswith=":sold").latest("at")
    Transfer.objects.filter(pk=row.pk).delete()

    assert (SALE, row.source, 7000, 0) in faults()


def test_a_line_or_an_order_that_says_another_amount_is_named(payee):
    order = Order.objects.get(total_cents=7000)
    OrderLine.objects.filter(order=order).update(amount_cents=7001)
    line = order.lines.get()
    assert faults() == [
        ("an order's total is that of its lines", f"order {order.reference}", 7001, 7000),
        (SALE, f"order_line:{line.id}:sold", 7001, 7000),
    ]
    Order.objects.filter(pk=order.pk).update(total_cents=7001)
    OrderLine.objects.filter(order=order).update(amount_cents=7000)

    assert faults() == [("an order's total is that of its lines", f"order {order.reference}", 7000, 7001)]


def test_a_line_whose_place_had_gone_was_not_sold_and_is_no_fault(payee):
    order = Order.objects.get(total_cents=7000)
    Transfer.objects.filter(source__startswith=f"order_line:{order.lines.get().id}").delete()
    Registration.objects.filter(order_lines__order=order).update(status="released")

    assert SALE not in checks()


def test_credit_that_nobody_granted_is_named(payee):
    guardian_id = Transfer.objects.get(source__endswith=":granted").guardian_id
    altered("credit:", ":granted", **RAISED)

    assert faults() == [("what staff did about credit is in the trail", f"guardian {guardian_id}", 3000, 3001)]


@pytest.mark.parametrize(
    ("end", "check"),
    [(":cash", "the deposits of a payee are its cash"), (":cheque", "a deposit is its cheques")],
)
def test_a_deposit_that_was_raised_or_deleted_is_named(payee, end, check):
    source = altered("deposit:", end, **RAISED)
    assert checks() == {check}
    Transfer.objects.filter(source=source).delete()

    assert checks() == {check}


def test_a_difference_of_the_drawer_that_was_altered_is_named(payee):
    altered("deposit:", ":difference", **RAISED)

    assert checks() == {"the deposits of a payee are its cash"}


def test_a_deposit_whose_accounts_were_swapped_is_named(payee):
    assert (KNOWN, altered("deposit:", ":cash", **SWAPPED), 0, 2000) in faults()


@pytest.mark.parametrize(
    ("means", "check"),
    [(Means.CASH, "the deposits of a payee are its cash"), (Means.CHEQUE, "a deposit is its cheques")],
)
def test_a_payment_that_was_taken_off_its_deposit_is_named(payee, means, check):
    Payment.objects.filter(means=means).update(deposit=None)

    assert check in checks()


@pytest.mark.parametrize("start", ["deposit:", "credit:", "bank:"])
def test_another_currency_on_a_row_without_an_order_is_named(payee, start):
    source = altered(start, currency="cad")

    assert ("what no processor moves is in the organisation's currency", source) in {each[:2] for each in faults()}


def test_a_row_without_a_cause_is_named(payee):
    ledger.enter(
        debit=Account.BANK, credit=Account.REVENUE, cents=7, of=(payee.id, "eur"), source="stray:1", at=clock.now()
    )

    assert faults() == [(KNOWN, "stray:1", 0, 7)]


def test_a_line_of_the_bank_that_was_altered_or_given_twice_is_named(payee):
    matched, waiting = StatementLine.objects.order_by("-cents")
    StatementLine.objects.filter(pk=waiting.pk).update(cents=401)
    assert faults() == [("a line of the bank is entered", f"bank:{waiting.id.hex}", 401, 400)]
    StatementLine.objects.filter(pk=waiting.pk).update(cents=400)
    altered(f"bank:{matched.id.hex}", ":paid", **RAISED)
    assert faults() == [("a line of the bank is given once, and wholly", f"bank:{matched.id.hex}", 0, -1)]
    altered(f"bank:{matched.id.hex}", ":paid", amount_cents=5000)
    StatementLine.objects.filter(pk=waiting.pk).delete()

    assert faults() == [("a row of the bank is of one of its lines", f"bank:{waiting.id.hex}", 0, 400)]


def test_a_payment_or_a_refund_that_was_deleted_from_the_books_is_named(payee):
    refund = Refund.objects.get()
    for source in (f"refund:{refund.id}:paid", f"payment:{refund.payment_id}:received"):
        Transfer.objects.filter(source=source).delete()

    assert ("the rows of each refund", f"refund:{refund.id}:paid", 1000, 0) in faults()
    assert ("the rows of each payment", f"payment:{refund.payment_id}:received", 3001, 0) in faults()


def test_the_check_asks_as_much_of_three_organisations_worth_of_orders_as_of_one(payee):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert faults() == []
        return len(queries)

    before = asked()
    for price in (7100, 7200, 7300):
        imported(sent_for(an_order(a_week(payee, price))), number=price // 100)

    assert asked() == before
