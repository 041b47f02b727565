"""One transfer that two files bring: it is entered once, or waits for a person; it never pays by itself again."""

from datetime import date, timedelta

import pytest

from kernel import clock
from tenant_apps.accounting.bank import assigning, coda, copies, entering, matching, proposals, tables
from tenant_apps.accounting.bank.errors import NotInTheBooks
from tenant_apps.accounting.models import LineStatus
from tenant_apps.accounting.proof import ledger_check
from tenant_apps.office.money.bank_words import known_words, why
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account
from tenant_apps.payments.communication import formatted
from tenant_apps.payments.models import Means, Payment, Refund, RefundMeans, RefundStatus
from tenant_apps.payments.operations.receive import conclude
from tenant_apps.payments.operations.refund import owe_refund
from tests.accounting.bank import a_commune_and_order, imported, lines, sent_for
from tests.accounting.coda import IBAN, Sent, a_file
from tests.factories.counter import CLERK, at_counter
from tests.factories.orders import an_order
from tests.factories.organisation import a_payee

HEAD = "Date;Montant;Communication;Nom;Transaction\n"
ON = date(2026, 7, 3)

pytestmark = pytest.mark.usefixtures("organisation_a")


@pytest.fixture
def order():
    """126.00 to be paid later."""
    _payee, order = a_commune_and_order()
    conclude(order=order, at=clock.now())
    return order


def row(order, cents, *, on=ON, name="Dupont Anne", more="T1"):
    return f"{on:%d/%m/%Y};{cents / 100:.2f};{formatted(order.communication)};{name};{more}\n"


def foreseen(text, payee, **columns):
    table = tables.read(text)
    return entering.foresee(tables.movements(table, columns or tables.guess(table.head), currency="eur"), payee=payee)


def import_table(text, payee, **columns):
    """How many rows were new, known and doubtful."""
    found = foreseen(text, payee, **columns)
    added = entering.enter_all(found.new, at=clock.now())
    matching.match_all(at=clock.now(), line_ids=added)
    return len(found.new), len(found.known), len(found.doubtful)


def owed(order):
    assert ledger_check.check() == []
    return ledger.balance_of_order(order.id)


def bank(payee):
    return ledger.totals(payee.id)[Account.BANK]


@pytest.mark.line("S4-45")
def test_a_transfer_that_came_by_coda_does_not_pay_again_from_a_table(order):
    imported(sent_for(order, 5000))

    assert import_table(HEAD + row(order, 5000, on=ON + timedelta(days=2)), order.payee) == (1, 0, 1)

    matching.match_all(at=clock.now())
    first, copy = lines()
    assert (first.status, copy.status, owed(order)) == (LineStatus.MATCHED, LineStatus.OPEN, 7600)
    assert why(copy).startswith("Déjà dans les livres\u202f?")
    [known] = proposals.known_money(copy)
    assert known_words(known) == "Virement de DUPONT ANNE, déjà importé d’un autre fichier"
    assigning.recognise(line_id=copy.id, source=known.source, among=[known.source], actor=CLERK, at=clock.now())
    assert (owed(order), bank(order.payee), Payment.objects.count()) == (7600, 5000, 1)


def test_nor_one_of_a_table_from_coda(order):
    import_table(HEAD + row(order, 5000), order.payee)

    [_first, copy] = imported(sent_for(order, 5000))

    assert (copy.status, owed(order)) == (LineStatus.OPEN, 7600)


def test_a_clerk_may_say_that_it_is_another_one(order):
    imported(sent_for(order, 5000))
    import_table(HEAD + row(order, 5000), order.payee)
    [_first, other] = lines()

    part = assigning.Part(order.id, 5000)
    assigning.assign(line_id=other.id, parts=[part], actor=CLERK, at=clock.now())

    assert (owed(order), bank(order.payee)) == (2600, 10000)


def test_a_file_that_is_read_by_other_columns_is_known(order):
    text = HEAD + row(order, 5000)
    assert import_table(text, order.payee) == (1, 0, 0)

    assert import_table(text, order.payee, booked_on=0, amount=1, communication=2) == (0, 1, 0)
    assert (owed(order), bank(order.payee)) == (7600, 5000)


def test_a_table_of_another_shape_waits(order):
    import_table(HEAD + row(order, 5000), order.payee)
    other = f"Date comptable;Communication;Montant\n2026-07-03;{formatted(order.communication)};50.00\n"

    assert import_table(other, order.payee) == (1, 0, 1)
    assert owed(order) == 7600


def test_a_table_that_words_the_same_day_anew_waits(order):
    import_table(HEAD + row(order, 5000, more=""), order.payee)

    assert import_table(HEAD + row(order, 5000, more="T1"), order.payee) == (1, 0, 1)
    assert owed(order) == 7600


def test_payees_that_have_the_same_account_know_each_others_transfers(order):
    other = a_payee("Autre", iban=IBAN, code=91)
    text = HEAD + row(order, 5000)
    assert import_table(text, order.payee) == (1, 0, 0)

    assert import_table(text, other) == (0, 1, 0)
    assert import_table(HEAD.replace("Nom", "Name") + row(order, 5000), other) == (1, 0, 1)
    assert (owed(order), bank(order.payee) + bank(other)) == (7600, 10000)


def test_two_equal_transfers_of_one_day_are_two_by_the_file_that_has_both(order):
    """The second file alone would be taken for the first again, and says so (docs/bank.md)."""
    one = row(order, 3000)
    assert import_table(HEAD + one, order.payee) == (1, 0, 0)
    assert import_table(HEAD + one, order.payee) == (0, 1, 0)

    assert import_table(HEAD + one + one, order.payee) == (1, 1, 1)

    assert (owed(order), bank(order.payee)) == (9600, 6000)


def test_two_equal_transfers_of_one_file_both_pay(order):
    one = row(order, 3000)

    assert import_table(HEAD + one + one, order.payee) == (2, 0, 0)

    assert owed(order) == 6600


def test_transfers_that_cannot_be_the_same_pay_by_themselves(order):
    """Other cents, another order, many days later, or another day of the same kind of file."""
    other = an_order(order.lines.get().registration.option)
    imported(sent_for(order, 5000))

    assert import_table(HEAD + row(order, 5100), order.payee) == (1, 0, 0)
    assert import_table(HEAD + row(other, 5000), order.payee) == (1, 0, 0)
    assert import_table(HEAD + row(order, 1000, on=ON + timedelta(days=1)), order.payee) == (1, 0, 0)
    assert import_table(HEAD + row(order, 1000, on=ON + timedelta(days=2)), order.payee) == (1, 0, 0)
    assert import_table(HEAD + row(order, 500), order.payee) == (1, 0, 0)

    assert (owed(order), owed(other)) == (0, 7600)


def test_of_two_that_are_the_same_only_one_is_known_as_the_other(order):
    at_counter(order, 7600, Means.CASH)
    first, second = imported(Sent(4000, words="camp"), Sent(4000, words="camp", name="MAES BO"), number=43)
    import_table("Date;Montant;Communication;Nom\n03/07/2026;40,00;camp;Dupont Anne\n", order.payee)
    copy = lines()[-1]
    assert copies.of_line(copy) == [first, second]
    there, back = copies.source(copy, first), copies.source(first, copy)

    assigning.recognise(line_id=copy.id, source=there, among=[there], actor=CLERK, at=clock.now())

    with pytest.raises(NotInTheBooks):
        assigning.recognise(line_id=first.id, source=back, among=[back], actor=CLERK, at=clock.now())
    assert proposals.known_money(first) == []
    assert (bank(order.payee), ledger_check.check()) == (8000, [])


def test_a_third_copy_is_known_as_well(order):
    imported(sent_for(order, 5000))
    for head in (HEAD, HEAD.replace("Nom", "Name")):
        import_table(head + row(order, 5000), order.payee)
        copy = lines()[-1]
        known = proposals.known_money(copy)[0]
        assigning.recognise(line_id=copy.id, source=known.source, among=[known.source], actor=CLERK, at=clock.now())

    assert (owed(order), bank(order.payee)) == (7600, 5000)


def test_a_transfer_that_staff_recorded_does_not_pay_again(order):
    at_counter(order, 5000, Means.TRANSFER, reference="vu à la banque")

    [line] = imported(sent_for(order, 5000))

    assert (line.status, owed(order)) == (LineStatus.OPEN, 7600)
    assert why(line).startswith("Déjà dans les livres\u202f?")
    assert [each.kind for each in proposals.known_money(line)] == ["payment"]


def test_a_refund_that_left_by_one_file_is_not_made_again_by_the_other(order):
    [line] = imported(sent_for(order))
    for reason in ("staff:x", "staff:y"):
        owe_refund(payment=line.payment, cents=2600, reason=reason, at=clock.now(), means=RefundMeans.TRANSFER)
    one = Refund.objects.order_by("requested_at").first()
    imported(Sent(-2600, words=f"Remb. {order.reference}"), number=43)
    assigning.confirm_refund(line_id=lines()[-1].id, refund_id=one.id, actor=CLERK, at=clock.now())

    import_table(
        f"Date;Montant;Communication;Nom\n03/07/2026;-26,00;Remb. {order.reference};Dupont Anne\n", order.payee
    )

    assert [each.status for each in Refund.objects.order_by("requested_at")] == [
        RefundStatus.SUCCEEDED,
        RefundStatus.DUE,
    ]


def test_looking_for_copies_takes_as_many_queries_for_one_row_as_for_three(order, django_assert_num_queries):
    for count in (1, 3):
        movements = coda.read(a_file(*[sent_for(order, 100 + each) for each in range(count)]))
        with django_assert_num_queries(7):
            entering.foresee(movements, payee=None)
