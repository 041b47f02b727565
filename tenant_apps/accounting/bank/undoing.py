"""A part of a transfer that was given to the wrong order is taken back: each row has its opposite, none is deleted."""

from datetime import datetime
from uuid import UUID

from kernel.database import lock_one
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.accounting.bank import home
from tenant_apps.accounting.bank.errors import NoteMissing, NotGivenSo, PartlyGivenBack
from tenant_apps.accounting.models import Book, LineStatus, StatementLine
from tenant_apps.payments import refunding
from tenant_apps.payments.models import MISPLACED, RefundMeans, RefundStatus
from tenant_apps.payments.operations import correcting, refund
from tenant_apps.payments.operations.correcting import Words
from tenant_apps.payments.operations.later import lay_rest


@operation
def take_back(*, line_id: UUID, payment_id: UUID, reason: str, actor: Actor, at: datetime) -> None:
    """The order owes it again and keeps its places, the receipt is cancelled, the money is nobody's until given anew.

    It goes back in the books alone: nothing leaves the bank. Raises NoteMissing, NotGivenSo or PartlyGivenBack.
    """
    if not reason.strip():
        raise NoteMissing
    line = lock_one(StatementLine.objects.filter(pk=line_id, book=Book.BANK))
    payment = next((each for each in home.payments_of(line) if each.id == payment_id), None)
    if payment is None:
        raise NotGivenSo
    if refunding.left_of(payment.id) != payment.amount_cents:
        raise PartlyGivenBack
    back = refund.owe_refund(
        payment=payment,
        cents=payment.amount_cents,
        reason=f"{MISPLACED}{line.id.hex}",
        at=at,
        means=RefundMeans.TRANSFER,
        decided_by=actor.user_id,
    )
    refund.enter(refund_id=back.id, to=RefundStatus.SUCCEEDED, at=at, proof=line.reference[:60])
    lay_rest(order_id=payment.order_id, at=at)
    home.take_back(line, payment.amount_cents, home.undone(payment.id), at)
    StatementLine.objects.filter(pk=line.pk).update(status=LineStatus.OPEN, payment=None, ended_at=None, note="")
    if (receipt := payment.receipt) is not None and not receipt.words.get("is_cancelled"):
        words = Words(is_cancelled=True)
        correcting.correct(receipt_id=receipt.id, words=words, reason=reason.strip()[:200], actor=actor, at=at)
    audit.record(
        action="payments.taken_back",
        subject="order",
        subject_id=payment.order_id,
        actor=actor,
        at=at,
        details={"line": str(line.id), "cents": payment.amount_cents, "words": reason.strip()},
    )
