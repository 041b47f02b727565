"""A transfer taken back from the wrong order was sent to nobody: it does not come back, and no paper says it went."""

import pytest
from pypdf import PdfReader

from kernel import clock
from tenant_apps.accounting.bank import home, undoing
from tenant_apps.accounting.proof import ledger_check
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account
from tenant_apps.payments import invoices, progress, queries, receipts, refunding
from tenant_apps.payments.errors import RefundMoved
from tenant_apps.payments.models import Payment, Refund
from tenant_apps.payments.operations import refund_by_hand
from tests.accounting.bank import a_commune_and_order, imported, sent_for
from tests.factories.counter import CLERK, at_counter

pytestmark = pytest.mark.usefixtures("organisation_a")


@pytest.fixture
def order():
    """It was paid by another family's transfer, which a clerk has taken back."""
    _payee, order = a_commune_and_order()
    [line] = imported(sent_for(order))
    [payment] = home.payments_of(line)
    undoing.take_back(line_id=line.id, payment_id=payment.id, reason="Autre famille", actor=CLERK, at=clock.now())
    order.refresh_from_db()
    return order


def words_of(pdf, tmp_path):
    path = tmp_path / "paper.pdf"
    path.write_bytes(pdf)
    return " ".join(" ".join(page.extract_text() for page in PdfReader(path).pages).split())


def test_it_does_not_come_back_from_a_family_that_never_had_it(order):
    refund, before = Refund.objects.get(), ledger.totals()

    with pytest.raises(RefundMoved):
        refund_by_hand.mark_returned(refund_id=refund.id, actor=CLERK, at=clock.now())

    assert (ledger.totals(), ledger_check.check()) == (before, [])
    assert before[Account.BANK] == 12600
    assert not refunding.may_return(refund)
    assert not Refund.objects.filter(refunding.AGAIN | refunding.TO_MAKE).exists()


def test_the_receipts_tell_of_no_refund_and_the_invoice_says_what_was_done(order, tmp_path):
    for receipt in queries.detailed().get(pk=order.pk).payments.get().receipts.all():
        assert "Rembours" not in words_of(receipts.pdf(receipt), tmp_path)
    invoice = words_of(invoices.pdf(queries.detailed().get(pk=order.pk)), tmp_path)

    assert "Rembours" not in invoice
    assert "Repris le" in invoice
    assert "car ce virement était pour une autre commande" in invoice


def test_what_is_paid_next_is_told_as_the_first_payment(order):
    taken_back = Payment.objects.get()
    at_counter(order, 12600)

    after = progress.after(Payment.objects.exclude(pk=taken_back.pk).get())

    assert (after.paid_before, after.left_cents) == (0, 0)
    # The paper of then says what was so then.
    assert progress.after(taken_back).left_cents == 0
