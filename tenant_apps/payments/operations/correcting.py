"""A receipt that says something wrong is never altered: another one corrects or cancels it, and says why (F7)."""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from shared_apps.outbox import operations as outbox
from tenant_apps.orders.numbering import next_number
from tenant_apps.payments.errors import NothingCorrected, ReceiptCorrected
from tenant_apps.payments.models import Receipt


@dataclass(frozen=True, slots=True)
class Words:
    """What the new receipt says otherwise than the order; all of it, since it stands alone."""

    payer: str = ""
    address: str = ""
    note: str = ""
    is_cancelled: bool = False

    @property
    def said(self) -> dict[str, object]:
        return {name: value for name, value in asdict(self).items() if value}


@operation
def correct(*, receipt_id: UUID, words: Words, reason: str, actor: Actor, at: datetime) -> Receipt:
    """Issue a receipt under a new number in place of one that stands.

    Raises ReceiptCorrected where another one stands in its place by now, and NothingCorrected.
    """
    wrong = Receipt.objects.select_related("payment").get(pk=receipt_id)
    if words.said == wrong.words:
        raise NothingCorrected
    receipt = _issue(wrong, words, reason, at)
    audit.record(
        action="payments.receipt_cancelled" if words.is_cancelled else "payments.receipt_corrected",
        subject="payment",
        subject_id=wrong.payment_id,
        actor=actor,
        at=at,
        details={"receipt": receipt.number, "corrects": wrong.number, "words": reason},
    )
    outbox.tell(kind="payments.receipt_corrected", payload={"receipt": str(receipt.id)}, at=at)
    return receipt


def _issue(wrong: Receipt, words: Words, reason: str, at: datetime) -> Receipt:
    """Two at once wait for each other at the number; the second then finds that one has corrected it."""
    try:
        with transaction.atomic():
            return Receipt.objects.create(
                payment=wrong.payment,
                payee_id=wrong.payee_id,
                number=next_number(payee_id=wrong.payee_id, series="receipts"),
                corrects=wrong,
                reason=reason,
                words=words.said,
                issued_at=at,
            )
    except IntegrityError as error:
        raise ReceiptCorrected from error
