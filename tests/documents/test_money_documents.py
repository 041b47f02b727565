"""Receipts and invoices word for word (WRITE_GOLDEN=1 writes them anew), tagged, titled and in their language."""

import os
from datetime import date, timedelta
from typing import Any

import pytest

from shared_apps.audit.actors import SYSTEM
from shared_apps.outbox.models import Event
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account, Order
from tenant_apps.payments import invoices, receipts
from tenant_apps.payments.agreement import Terms
from tenant_apps.payments.errors import NothingCorrected, ReceiptCorrected
from tenant_apps.payments.models import Means, Payment, Receipt
from tenant_apps.payments.operations import correcting, later, refund
from tenant_apps.payments.operations.correcting import Words
from tenants.models import Organisation
from tests.documents.money import (
    GOLDEN,
    HALVES,
    LATER,
    NOON,
    a_camp,
    a_credit,
    a_school,
    came,
    ordered,
    pages,
    paying,
    unpaid,
    words,
)
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_guardian
from tests.factories.organisation import an_organisation_profile


@pytest.fixture(autouse=True)
def profile(organisation_a: Organisation) -> None:
    an_organisation_profile(
        name="Centre de services scolaire des Rivières", contact_email="aide@example.org", brand_colour="#1d4f91"
    )


def the_same(name: str, content: bytes) -> None:
    """Word for word as the file says, and a document that a screen reader reads."""
    pdf = pages(content)
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert pdf.trailer["/Root"]["/Lang"].startswith("fr")
    assert pdf.metadata is not None
    assert pdf.metadata.title
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("WRITE_GOLDEN"):
        path.write_text(words(content))
    assert words(content) == path.read_text()


def receipt_of(payment: Payment) -> Receipt:
    receipt = payment.receipt
    assert receipt is not None
    return Receipt.objects.get(pk=receipt.pk)


def printed(payment: Payment) -> bytes:
    return receipts.pdf(receipt_of(payment))


def test_a_payment_in_full() -> None:
    payment = came(ordered(a_camp(a_school())), 12500)

    the_same("receipt-in-full", printed(payment))


@pytest.mark.line("S2-19")
def test_the_first_instalment_says_when_the_next_is_taken_and_of_which_card() -> None:
    paying(**HALVES)
    order = ordered(a_camp(a_school()), terms=Terms(plan="halves"))

    the_same("receipt-first-instalment", printed(came(order, 6250)))


def test_the_second_instalment_says_that_it_is_the_last() -> None:
    paying(**HALVES)
    order = ordered(a_camp(a_school()), terms=Terms(plan="halves"))
    came(order, 6250)

    the_same("receipt-second-instalment", printed(came(order, 6250, at=LATER)))


def test_a_receipt_says_the_same_once_more_is_paid() -> None:
    paying(**HALVES)
    order = ordered(a_camp(a_school()), terms=Terms(plan="halves"))
    first = came(order, 6250)
    before = words(printed(first))
    came(order, 6250, at=LATER)

    assert words(printed(Payment.objects.get(pk=first.pk))) == before


def test_a_receipt_names_the_card_of_its_own_day() -> None:
    paying(**HALVES)
    order = ordered(a_camp(a_school()), terms=Terms(plan="halves"))
    first = came(order, 6250)
    before = words(printed(first))
    Order.objects.filter(pk=order.pk).update(card={"label": "Mastercard •••• 4444"})

    assert words(printed(Payment.objects.get(pk=first.pk))) == before
    assert "visa •••• 4242." in before


@pytest.mark.parametrize("columns", [{"means": Means.CHEQUE, "reference": "118"}, {"session_id": "cs_early"}])
def test_what_is_paid_early_by_another_way_names_no_card_for_what_is_to_come(columns: dict[str, Any]) -> None:
    paying(**HALVES)
    order = ordered(a_camp(a_school()), terms=Terms(plan="halves"))
    came(order, 6250)
    Order.objects.filter(pk=order.pk).update(card={"label": "Mastercard •••• 4444"})

    assert "Prélevé automatiquement" not in words(printed(came(order, 1000, at=LATER, **columns)))


def test_what_a_bank_took_back_adds_no_part_to_a_receipt() -> None:
    paying(**HALVES)
    order = ordered(a_camp(a_school()), terms=Terms(plan="halves"))
    first = came(order, 6250)
    before = words(printed(first))
    came(order, 6250, at=LATER)
    took_back = {"debit": Account.RECEIVABLE, "credit": Account.DISPUTES}
    ledger.enter(**took_back, cents=6250, order=order, source="test:lost", at=LATER + timedelta(days=1))
    later.lay_rest(order_id=order.pk, at=LATER + timedelta(days=1))

    assert words(printed(Payment.objects.get(pk=first.pk))) == before
    assert "Versement 1 de 2" in before


def test_cash_is_rounded_and_both_totals_are_said() -> None:
    order = unpaid(ordered(a_camp(a_school(), price=1323)))

    the_same("receipt-cash", printed(came(order, 1323, Means.CASH, rounding_cents=2, received_on=date(2026, 11, 27))))


def test_a_part_by_cheque_says_what_is_left() -> None:
    order = unpaid(ordered(a_camp(a_school())))
    came(order, 2500, at=NOON)

    the_same("receipt-part-by-cheque", printed(came(order, 4000, Means.CHEQUE, at=LATER, reference="118")))


@pytest.mark.line("S4-44")
def test_the_credit_that_was_used_is_said() -> None:
    guardian, school = a_guardian(), a_school()
    a_credit(guardian, school, 3000)
    order = ordered(a_camp(school), terms=Terms(spends_credit=True), of=guardian)

    the_same("receipt-with-credit", printed(came(order, 9500)))


def test_what_went_back_is_said() -> None:
    payment = came(ordered(a_camp(a_school())), 12500)
    refund.owe_refund(payment=payment, cents=2500, reason="goodwill", at=LATER)

    the_same("receipt-with-refund", printed(payment))


def test_a_correction_names_what_it_replaces_and_the_replaced_one_names_it() -> None:
    payment = came(ordered(a_camp(a_school())), 12500)
    wrong = receipt_of(payment)
    corrected = correct(
        wrong, Words(payer="Grand-père Émile", address="3, rue Haute\nGatineau", note="Pour l’employeur.")
    )

    the_same("receipt-corrected", receipts.pdf(corrected))
    the_same("receipt-replaced", receipts.pdf(Receipt.objects.get(pk=wrong.pk)))


def test_a_cancelled_receipt_says_so() -> None:
    payment = came(ordered(a_camp(a_school())), 12500)

    the_same("receipt-cancelled", receipts.pdf(correct(receipt_of(payment), Words(is_cancelled=True))))


def correct(receipt: Receipt, said: Words, reason: str = "Erreur de nom") -> Receipt:
    return correcting.correct(receipt_id=receipt.pk, words=said, reason=reason, actor=SYSTEM, at=LATER)


def test_only_the_one_that_stands_is_corrected_and_only_to_say_something_else() -> None:
    wrong = receipt_of(came(ordered(a_camp(a_school())), 12500))
    with pytest.raises(NothingCorrected):
        correct(wrong, Words())
    right = correct(wrong, Words(payer="Émile Roy"))

    with pytest.raises(ReceiptCorrected):
        correct(wrong, Words(payer="Anne Roy"))
    again = correct(right, Words(payer="Anne Roy"))
    assert [each.number for each in (wrong, right, again)] == [1, 2, 3]
    assert Payment.objects.get().receipt == again
    assert Event.objects.filter(kind="payments.receipt_corrected").count() == 2


def test_the_invoice_sets_what_nobody_has_to_pay_apart() -> None:
    school = a_school()
    gift = an_option("Don", offering=an_offering("Fondation", payee=school), price=0, is_voluntary=True)
    order = ordered(a_camp(school), gift)

    the_same("invoice-voluntary", invoices.pdf(Order.objects.get(pk=order.pk)))


@pytest.mark.line("S4-45")
def test_the_invoice_of_a_belgian_commune_says_how_to_pay_by_transfer_and_until_when() -> None:
    paying(**HALVES, takes_transfers=True, later="families")
    payee = a_school(iban="BE68539007547034", bic="KREDBEBB", code=90)
    order = unpaid(ordered(a_camp(payee), terms=Terms(plan="later")))
    came(order, 2500, Means.TRANSFER, received_on=date(2026, 11, 27))

    the_same("invoice-transfer", invoices.pdf(Order.objects.get(pk=order.pk)))


def test_the_invoice_of_what_waits_for_a_transfer_takes_off_the_credit_that_is_set_aside() -> None:
    paying(takes_transfers=True)
    payee, guardian = a_school(iban="BE68539007547034", code=90), a_guardian()
    a_credit(guardian, payee, 3000)

    order = ordered(a_camp(payee), terms=Terms(spends_credit=True), of=guardian)

    invoice = words(invoices.pdf(Order.objects.get(pk=order.pk)))
    assert "Crédit familial utilisé −30,00 $\nReste à payer 95,00 $" in invoice
    assert "Montant 95,00 $" in invoice


def test_the_invoice_follows_the_account() -> None:
    paying(**HALVES)
    order = ordered(a_camp(a_school()), terms=Terms(plan="halves"))
    payment = came(order, 6250)
    came(order, 6250, at=LATER)
    ledger.enter(
        debit=Account.REVENUE, credit=Account.RECEIVABLE, cents=1000, order=order, source="test:less", at=LATER
    )
    refund.owe_refund(payment=payment, cents=1000, reason="goodwill", at=LATER)

    the_same("invoice-paid", invoices.pdf(Order.objects.get(pk=order.pk)))
