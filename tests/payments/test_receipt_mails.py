"""The receipt of each payment comes by e-mail at once, and so does the one that corrects it."""

from datetime import timedelta

import pytest

from shared_apps.audit.actors import SYSTEM
from shared_apps.outbox import delivery
from shared_apps.outbox.models import Message
from tenant_apps.notifications import receipts
from tenant_apps.payments.agreement import Terms
from tenant_apps.payments.models import Means, Payment, Receipt
from tenant_apps.payments.operations import correcting
from tenant_apps.payments.operations.correcting import Words
from tenants.models import Organisation
from tests.documents.money import HALVES, LATER, NOON, a_camp, a_school, came, ordered, paying, unpaid
from tests.factories.organisation import an_organisation_profile


@pytest.fixture(autouse=True)
def profile(organisation_a: Organisation) -> None:
    an_organisation_profile(contact_email="aide@example.org")


def mails() -> list[Message]:
    """Those about money, once every event was heard."""
    delivery.handle_events(at=LATER)
    written = Message.objects.order_by("id")
    return [mail for mail in written if "Paiement reçu" in mail.subject or "Reçu nº" in mail.subject]


@pytest.mark.line("S3-07")
def test_a_payment_at_the_counter_is_receipted_by_mail_with_what_is_left() -> None:
    order = unpaid(ordered(a_camp(a_school())))
    came(order, 2500, Means.CASH)

    [mail] = mails()

    assert mail.recipient == order.guardian.email
    assert mail.subject == "Paiement reçu\u202f: 25,00\u00a0$"
    assert [each["name"] for each in mail.attachments] == ["recu-000001.pdf"]
    assert "Espèces" in mail.text
    assert "100,00\u00a0$" in mail.text
    assert f"/compte/{order.token}" in mail.text


def test_the_first_of_two_says_when_the_second_is_due() -> None:
    paying(**HALVES)
    came(ordered(a_camp(a_school()), terms=Terms(plan="halves")), 6250)

    [mail] = mails()

    assert "25 décembre 2026" in mail.text
    assert "/confirmation/" in mail.text


def test_however_often_it_is_told_a_payment_is_written_of_once() -> None:
    came(ordered(a_camp(a_school())), 12500)
    payment = Payment.objects.get()
    receipts.received({"payment": str(payment.id)})
    receipts.received({"payment": str(payment.id)})

    assert len(mails()) == 1


@pytest.mark.parametrize(
    ("words", "subject"),
    [(Words(payer="Émile Roy"), "Reçu nº 000001 corrigé"), (Words(is_cancelled=True), "Reçu nº 000001 annulé")],
)
def test_a_correction_is_sent_with_its_reason(words: Words, subject: str) -> None:
    came(ordered(a_camp(a_school())), 12500)
    correcting.correct(
        receipt_id=Receipt.objects.get().pk,
        words=words,
        reason="Erreur de nom",
        actor=SYSTEM,
        at=NOON + timedelta(days=1),
    )

    [_paid, told] = mails()

    assert told.subject == subject
    assert "Erreur de nom" in told.text
    assert [each["name"] for each in told.attachments] == ["recu-000002.pdf"]
