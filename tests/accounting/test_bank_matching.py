"""What comes by the bank: to the order that it names, else to nobody until staff say; never twice, never lost."""

import threading
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection as django_connection
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel import clock
from tenant_apps.accounting.bank import assigning, home, matching, proposals, undoing
from tenant_apps.accounting.bank.assigning import Part
from tenant_apps.accounting.bank.errors import (
    LineClosed,
    LineMoved,
    MoreThanLeft,
    MoreThanOwed,
    NoteMissing,
    NotGivenSo,
    NotInTheBooks,
    OtherCurrency,
    PartlyGivenBack,
    UnknownAccount,
)
from tenant_apps.accounting.models import LineStatus
from tenant_apps.accounting.proof import ledger_check
from tenant_apps.office.money.bank_words import known_words
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account, Order
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.payments import credit
from tenant_apps.payments.communication import formatted
from tenant_apps.payments.models import Instalment, Means, Payment, Receipt, Refund, RefundMeans, RefundStatus, Status
from tenant_apps.payments.operations import counter, crediting, depositing, refund_by_hand, sweep
from tenant_apps.payments.operations.cancel import let_go
from tenant_apps.payments.operations.refund import owe_refund
from tenants.context import in_organisation
from tests.accounting.bank import a_commune, a_commune_and_order, a_week, imported, lines, sent_for
from tests.accounting.coda import Sent
from tests.factories.counter import CLERK, at_counter, paying
from tests.factories.orders import an_order, registrations_of
from tests.factories.organisation import a_payee

FILES = st.lists(st.lists(st.integers(0, 8), min_size=1, max_size=6, unique=True), min_size=1, max_size=4)

pytestmark = pytest.mark.usefixtures("organisation_a")


def state(order):
    order.refresh_from_db()
    return order.status, ledger.balance_of_order(order.id)


def books(payee):
    """The bank, and what is nobody's yet."""
    totals = ledger.totals(payee.id)
    assert sum(totals.values()) == 0
    assert ledger_check.check() == []
    return totals[Account.BANK], -totals[Account.UNCLAIMED]


def assign(line, *parts, left=None):
    return assigning.assign(line_id=line.id, parts=list(parts), left_cents=left, actor=CLERK, at=clock.now())


@pytest.mark.line("S4-45")
def test_a_transfer_that_names_its_order_settles_it():
    payee, order = a_commune_and_order()

    [line] = imported(sent_for(order))

    assert state(order) == (OrderStatus.SETTLED, 0)
    assert (line.status, line.kind, line.cents) == (LineStatus.MATCHED, "in", 12600)
    assert (line.payment.means, line.payment.status, line.payment.received_on) == (
        Means.TRANSFER,
        Status.SUCCEEDED,
        line.booked_on,
    )
    assert (line.payment.method, line.payment.reference, line.payment.recorded_by) == ("Virement", line.reference, None)
    assert Receipt.objects.filter(payment=line.payment).count() == 1
    assert books(payee) == (12600, 0)


def test_the_same_file_twice_adds_nothing():
    payee, order = a_commune_and_order()

    first = imported(sent_for(order), Sent(500, words="Bonjour"))
    again = imported(sent_for(order), Sent(500, words="Bonjour"))

    assert [line.id for line in first] == [line.id for line in again]
    assert Payment.objects.count() == 1
    assert books(payee) == (13100, 500)


def test_a_communication_among_other_words_is_found():
    payee, order = a_commune_and_order()
    imported(Sent(12600, words=f"camp de Léa {formatted(order.communication)} merci"))

    assert state(order) == (OrderStatus.SETTLED, 0)
    assert books(payee) == (12600, 0)


def test_less_than_is_owed_is_a_part_of_it_and_the_rest_has_a_day():
    payee, order = a_commune_and_order()

    [line] = imported(sent_for(order, 5000))

    assert state(order) == (OrderStatus.SETTLED, 7600)
    assert line.status == LineStatus.MATCHED
    assert [each.left_cents for each in Instalment.objects.filter(order=order)] == [7600]
    assert books(payee) == (5000, 0)


def test_less_than_the_first_payment_waits_for_staff_where_families_may_not_pay_later():
    payee, order = a_commune_and_order()
    paying(later="staff")

    [line] = imported(sent_for(order, 5000))

    assert (state(order), line.status, books(payee)) == ((OrderStatus.OPEN, 0), LineStatus.OPEN, (5000, 5000))
    paying(later="nobody")
    with pytest.raises(counter.TooLittle):
        assign(line, Part(order.id, 5000))
    paying(later="staff")
    assign(line, Part(order.id, 5000))
    assert (state(order), books(payee)) == ((OrderStatus.SETTLED, 7600), (5000, 0))


def test_more_than_is_owed_stays_with_the_line_until_staff_say_what_it_is():
    payee, order = a_commune_and_order()

    [line] = imported(sent_for(order, 15000))

    assert state(order) == (OrderStatus.SETTLED, 0)
    assert (line.status, home.left_of(line), books(payee)) == (LineStatus.OPEN, 2400, (15000, 2400))

    assign(line, Part(order.id, 2400, RefundMeans.CREDIT), left=2400)
    line.refresh_from_db()
    assert (line.status, books(payee)) == (LineStatus.MATCHED, (15000, 0))
    assert credit.balance(order.guardian_id, payee.id) == 2400


def test_an_order_that_is_paid_twice_by_transfer_waits_and_may_be_given_back():
    _payee, order = a_commune_and_order()

    imported(sent_for(order))
    _first, second = imported(sent_for(order), sent_for(order), number=43, before_cents=0)[-2:]

    assert (second.status, home.left_of(second)) == (LineStatus.OPEN, 12600)
    with pytest.raises(MoreThanOwed):
        assign(second, Part(order.id, 12600))
    assign(second, Part(order.id, 12600, RefundMeans.TRANSFER))
    [refund] = Refund.objects.all()
    assert (refund.amount_cents, refund.means, refund.status) == (12600, RefundMeans.TRANSFER, RefundStatus.DUE)
    assert state(order) == (OrderStatus.SETTLED, 0)


def test_late_money_takes_the_place_where_it_is_free():
    payee, order = a_commune_and_order()
    let_go([order], at=clock.now())

    imported(sent_for(order))

    assert (state(order), books(payee)) == ((OrderStatus.SETTLED, 0), (12600, 0))
    assert [each.status for each in registrations_of(order)] == ["confirmed"]


def test_late_money_for_a_place_that_has_gone_is_given_back():
    payee = a_commune()
    paying(refunds_by="transfer")
    option = a_week(payee, places=1)
    order = an_order(option, at=clock.now() - timedelta(hours=3))
    sweep.sweep(at=clock.now())
    assert state(order)[0] == OrderStatus.CANCELLED
    an_order(option)

    imported(sent_for(order))

    [refund] = Refund.objects.all()
    assert (refund.reason, refund.amount_cents, refund.means) == ("places_gone", 12600, RefundMeans.TRANSFER)
    assert [each.status for each in registrations_of(order)] != ["confirmed"]
    assert (ledger.balance_of_order(order.id), books(payee)) == (0, (12600, 0))


def test_the_transfer_that_makes_a_refund_is_recognised_when_it_leaves_the_account():
    payee, order = a_commune_and_order()
    [line] = imported(sent_for(order))
    refund = owe_refund(payment=line.payment, cents=2600, reason="staff:x", at=clock.now(), means=RefundMeans.TRANSFER)

    imported(Sent(-2600, words="SALAIRE"), Sent(-2600, words=f"Remb. {order.reference}"), Sent(-700), number=43)

    refund.refresh_from_db()
    assert refund.status == RefundStatus.SUCCEEDED
    out = {line.communication: line.status for line in lines() if line.kind == "out"}
    assert out == {"SALAIRE": LineStatus.OPEN, f"Remb. {order.reference}": LineStatus.MATCHED}
    assert books(payee) == (10000, 0)


def test_one_transfer_pays_several_orders():
    payee, order = a_commune_and_order()
    other = an_order(a_week(payee, 4000))
    [line] = imported(Sent(16600, words="les deux enfants"))

    with pytest.raises(MoreThanLeft):
        assign(line, Part(order.id, 12600), Part(other.id, 4001, RefundMeans.CREDIT))
    assert Payment.objects.count() == 0
    assign(line, Part(order.id, 12600), Part(other.id, 4000), left=16600)

    line.refresh_from_db()
    assert (state(order), state(other)) == ((OrderStatus.SETTLED, 0), (OrderStatus.SETTLED, 0))
    assert (line.status, line.payment, books(payee)) == (LineStatus.MATCHED, None, (16600, 0))


def test_a_form_sent_twice_gives_a_line_once():
    payee, order = a_commune_and_order()
    other = an_order(a_week(payee, 9000))
    [line] = imported(Sent(12000, words="acompte"))
    assign(line, Part(order.id, 4000), left=12000)

    with pytest.raises(LineMoved):
        assign(line, Part(order.id, 4000), left=12000)
    assign(line, Part(other.id, 8000), left=8000)
    with pytest.raises(LineClosed):
        assign(line, Part(other.id, 8000), left=8000)

    assert Payment.objects.count() == 2
    assert books(payee) == (12000, 0)


def test_what_the_books_have_already_is_not_entered_twice():
    payee, order = a_commune_and_order()
    at_counter(order, 12600, Means.CHEQUE, reference="7")
    number = depositing.deposit(
        payee_id=payee.id,
        count=depositing.Count(expected_cents=0, counted_cents=0, cheques=[Payment.objects.get().id]),
        actor=CLERK,
        at=clock.now(),
    )
    one, two = imported(Sent(12600, words="REMISE DE CHEQUES"), Sent(12600, words="autre"))
    assert books(payee) == (37800, 25200)
    [known] = proposals.known_money(one)
    assert (number, known.kind, known.reference) == (1, "deposit", "00001")

    assigning.recognise(line_id=one.id, source=known.source, among=[known.source], actor=CLERK, at=clock.now())

    assert books(payee) == (25200, 12600)
    assert proposals.known_money(two) == []
    with pytest.raises(NotInTheBooks):
        assigning.recognise(line_id=two.id, source=known.source, among=[known.source], actor=CLERK, at=clock.now())
    assert books(payee) == (25200, 12600)


def test_a_transfer_that_staff_recorded_by_hand_is_recognised():
    payee, order = a_commune_and_order()
    at_counter(order, 12600, Means.TRANSFER, reference="vu à la banque")

    [line] = imported(sent_for(order))

    assert (line.status, books(payee)) == (LineStatus.OPEN, (25200, 12600))
    [known] = proposals.known_money(line)
    assert (known.kind, known.reference) == ("payment", order.reference)


def test_what_is_none_of_ours_leaves_the_books_with_its_reason_and_may_come_back():
    payee = a_commune()
    [line] = imported(Sent(5000, words="SUBSIDE"))
    with pytest.raises(NoteMissing):
        assigning.set_aside(line_id=line.id, note=" ", actor=CLERK, at=clock.now())

    assigning.set_aside(line_id=line.id, note="Subside de la province", actor=CLERK, at=clock.now())
    line.refresh_from_db()
    assert (line.status, line.note, books(payee)) == (LineStatus.EXPLAINED, "Subside de la province", (0, 0))

    for _ in range(2):
        assigning.reopen(line_id=line.id, actor=CLERK, at=clock.now())
        assert books(payee) == (5000, 5000)
        with pytest.raises(LineClosed):
            assigning.reopen(line_id=line.id, actor=CLERK, at=clock.now())
        assigning.set_aside(line_id=line.id, note="Subside", actor=CLERK, at=clock.now())
    assert books(payee) == (0, 0)


def test_without_a_communication_the_likeliest_orders_come_first():
    payee, order = a_commune_and_order()
    same_amount = an_order(a_week(payee, 7700))
    an_order(a_week(payee, 300))
    name = order.guardian.last_name.upper()
    [line] = imported(Sent(7700, words="camp", name=f"{name} ANNE"))

    found = proposals.of_line(line)

    assert {each.order.id for each in found if each.is_exact} == {same_amount.id}
    assert order.id in {each.order.id for each in found if each.is_same_name}
    assert [each.order.id for each in proposals.of_line(line, order.reference.lower())] == [order.id]


def test_a_statement_of_another_account_or_currency_is_refused():
    a_commune()
    with pytest.raises(UnknownAccount):
        imported(Sent(100), iban="BE71096123456769")
    with pytest.raises(OtherCurrency):
        imported(Sent(100), currency="USD")
    assert lines() == []


def test_payees_that_share_an_account_are_paid_each_its_own():
    payee = a_commune()
    school = a_payee("Zoé", iban=payee.iban, code=91)
    order = an_order(a_week(school, 4000))

    [line] = imported(sent_for(order))

    assert (line.payee, state(order)) == (payee, (OrderStatus.SETTLED, 0))
    assert (books(payee), books(school)) == ((0, 0), (4000, 0))


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(st.sampled_from(range(9)), min_size=1, max_size=6, unique=True), min_size=1, max_size=4),
    st.data(),
)
def test_whatever_the_files_and_their_order_the_bank_is_what_they_say_and_no_order_is_paid_twice(files, data):
    """Files that overlap, in any order, one of them twice."""
    with transaction.atomic():
        payee = a_commune()
        ordered = [an_order(a_week(payee, price)) for price in (12600, 5000, 700)]
        every = [
            *(sent_for(order) for order in ordered),
            sent_for(ordered[0], 9900),
            sent_for(ordered[1], 1),
            *(Sent(cents, words=f"sans communication {cents}") for cents in (1, 12600, 5000, 700)),
        ]
        # The bank numbers its statements, by which a copy is known.
        numbered = list(enumerate(files, 1))
        for number, places in data.draw(st.permutations([*numbered, numbered[0]])):
            imported(*[every[place] for place in places], number=number)

        bank, unclaimed = books(payee)
        assert bank == sum(every[place].cents for places in files for place in places)
        assert unclaimed == sum(home.left_of(line) for line in lines() if line.status == LineStatus.OPEN)
        for order in ordered:
            paid = sum(each.amount_cents for each in Payment.objects.filter(order=order, status=Status.SUCCEEDED))
            assert state(order)[1] == (order.total_cents - paid if paid else 0)
            assert paid <= order.total_cents
        assert not Refund.objects.exists()
        transaction.set_rollback(True)


def at_once(organisation, *each_does):
    """Each in its own thread, all at the same instant. Returns what each of them said."""
    together, said = threading.Barrier(len(each_does)), []

    def run(does):
        try:
            with in_organisation(organisation):
                together.wait(timeout=10)
                said.append(does())
        except Exception as error:
            said.append(type(error))
        finally:
            django_connection.close()

    threads = [threading.Thread(target=run, args=[does]) for does in each_does]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return said


@pytest.mark.django_db(transaction=True)
def test_two_clerks_who_import_the_same_file_at_once_enter_it_once(organisation_a):
    payee, order = a_commune_and_order()
    sent = [sent_for(order), Sent(500, words="Bonjour"), Sent(700, words="Bonsoir")]

    said = at_once(organisation_a, *[lambda: len(imported(*sent))] * 3)

    assert len(said) == 3
    assert len(lines()) == 3
    assert Payment.objects.filter(status=Status.SUCCEEDED).count() == 1
    assert (state(order), books(payee)) == ((OrderStatus.SETTLED, 0), (13800, 1200))
    assert not Refund.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_clerks_who_give_one_line_at_once_give_it_once(organisation_a):
    payee, order = a_commune_and_order()
    other = an_order(a_week(payee, 12600))
    [line] = imported(Sent(12600, words="sans communication"))

    parts = [Part(each.id, 12600) for each in (order, other)] * 2
    said = at_once(organisation_a, *[partial(assign, line, part, left=12600) for part in parts])

    assert [each for each in said if not isinstance(each, list)] == [LineClosed] * 3
    assert Payment.objects.filter(status=Status.SUCCEEDED).count() == 1
    assert books(payee) == (12600, 0)


def test_the_order_of_another_payee_is_not_paid_from_this_account():
    payee = a_commune()
    other = a_payee("Autre", iban="BE71096123456769", code=91)
    order = an_order(a_week(other, 4000))

    [line] = imported(sent_for(order))

    assert (line.status, state(order), books(payee)) == (LineStatus.OPEN, (OrderStatus.OPEN, 0), (4000, 4000))
    assert proposals.of_line(line, order.reference) == []
    with pytest.raises(Order.DoesNotExist):
        assign(line, Part(order.id, 4000))
    assert books(other) == (0, 0)


def test_what_was_given_to_the_wrong_order_is_taken_back_and_given_to_the_right_one():
    payee, wrong = a_commune_and_order()
    right = an_order(a_week(payee, 12600))
    [line] = imported(sent_for(wrong))
    [payment] = home.payments_of(line)

    def take_back():
        undoing.take_back(line_id=line.id, payment_id=payment.id, reason="Autre famille", actor=CLERK, at=clock.now())

    take_back()

    line.refresh_from_db()
    assert (line.status, line.payment, home.left_of(line)) == (LineStatus.OPEN, None, 12600)
    assert (state(wrong), books(payee)) == ((OrderStatus.SETTLED, 12600), (12600, 12600))
    assert [each.status for each in registrations_of(wrong)] == ["confirmed"]
    assert payment.receipt.words == {"is_cancelled": True}
    assert [each.order.id for each in proposals.of_line(line) if each.is_exact and each.is_named] == [wrong.id]
    assert [each.left_cents for each in Instalment.objects.filter(order=wrong)] == [12600]
    assert (matching.match_all(at=clock.now()), state(wrong)) == (0, (OrderStatus.SETTLED, 12600))
    with pytest.raises(NotGivenSo):
        take_back()
    assign(line, Part(right.id, 12600), left=12600)

    line.refresh_from_db()
    assert (line.status, line.payment.order) == (LineStatus.MATCHED, right)
    assert (state(right), books(payee)) == ((OrderStatus.SETTLED, 0), (12600, 0))


def test_what_went_to_the_family_is_not_taken_back():
    payee, order = a_commune_and_order()
    [line] = imported(Sent(15000, words="camp"))
    [payment] = assign(line, Part(order.id, 15000, RefundMeans.CREDIT))

    with pytest.raises(PartlyGivenBack):
        undoing.take_back(line_id=line.id, payment_id=payment.id, reason="non", actor=CLERK, at=clock.now())
    assert (credit.balance(order.guardian_id, payee.id), books(payee)) == (2400, (15000, 0))


def test_what_the_family_reserved_of_its_credit_is_not_asked_of_its_transfer():
    payee, order = a_commune_and_order()
    crediting.grant(
        guardian_id=order.guardian_id,
        payee_id=payee.id,
        cents=5000,
        words="",
        key=uuid4(),
        actor=CLERK,
        at=clock.now(),
    )
    credit.reserve(order=order, most_cents=5000, at=clock.now())
    [line] = imported(Sent(7600, words="camp"))

    [proposal] = proposals.of_line(line, order.reference)

    assert (proposal.owed_cents, proposal.is_exact) == (7600, True)
    assign(line, Part(order.id, proposal.owed_cents))
    assert state(order) == (OrderStatus.SETTLED, 0)


def test_a_refund_that_came_back_is_recognised_on_the_statement():
    payee, order = a_commune_and_order()
    [line] = imported(sent_for(order))
    made = owe_refund(payment=line.payment, cents=5000, reason="staff:x", at=clock.now(), means=RefundMeans.TRANSFER)
    imported(Sent(-5000, words=f"Remb. {order.reference}"), number=43)
    refund_by_hand.mark_returned(refund_id=made.id, actor=CLERK, at=clock.now())

    back = imported(Sent(5000, words="RETOUR"), number=44)[-1]

    [known] = proposals.known_money(back)
    assert (known.kind, known.reference, known_words(known)) == (
        "refund",
        order.reference,
        f"Remboursement revenu, commande {order.reference}",
    )
    assigning.recognise(line_id=back.id, source=known.source, among=[known.source], actor=CLERK, at=clock.now())
    assert books(payee) == (12600, 0)
