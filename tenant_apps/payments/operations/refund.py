"""Money to give back: owed in the ledger first, then asked of the processor until it has an answer."""

from datetime import datetime
from uuid import UUID

import structlog
from django.db.models import F

from billing.gateway import refunds
from billing.gateway.client import ProcessorRefused, ProcessorUnavailable
from kernel.database import connection
from kernel.transactions import operation
from shared_apps.outbox import operations as outbox
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account
from tenant_apps.payments.models import Payment, Refund, RefundStatus
from tenant_apps.payments.states import move_refund

log = structlog.get_logger(__name__)


@operation
def owe_refund(*, payment: Payment, cents: int, reason: str, at: datetime) -> Refund:
    """Enter that `cents` of a payment go back. Once per payment and reason."""
    refund, is_new = Refund.objects.get_or_create(
        payment=payment, reason=reason, defaults={"amount_cents": cents, "requested_at": at}
    )
    if is_new:
        ledger.enter(
            debit=Account.RECEIVABLE,
            credit=Account.REFUNDS,
            cents=cents,
            order=payment.order,
            source=f"refund:{refund.id}:owed",
            at=at,
        )
        outbox.tell(kind="payments.refund_owed", payload={"refund": str(refund.id)}, at=at)
    return refund


def send_refunds(*, at: datetime) -> None:
    """Ask the processor for each refund still to do. One that does not answer is asked again next time."""
    waiting = Refund.objects.filter(status=RefundStatus.DUE).select_related("payment__order__payee")
    for refund in waiting.order_by("requested_at")[:100]:
        try:
            answer = _ask(refund)
        except ProcessorUnavailable:
            continue
        except ProcessorRefused as error:
            log.warning("payments.refund_refused", refund=str(refund.id), code=error.code)
            _enter(refund_id=refund.id, to=RefundStatus.FAILED, processor_id="", at=at)
        else:
            _enter(refund_id=refund.id, to=RefundStatus(answer.status), processor_id=answer.id, at=at)


def _ask(refund: Refund) -> refunds.Refunded:
    account = refund.payment.order.payee.processor_account
    if refund.attempts:
        # An earlier try had no answer, and its key would only repeat the fault: look before asking under another.
        made = refunds.find(account=account, intent_id=refund.payment.intent_id, refund=str(refund.id))
        if made is not None:
            return made
    Refund.objects.filter(pk=refund.pk).update(attempts=F("attempts") + 1)
    return refunds.give_back(
        account=account,
        idempotency_key=f"{connection.schema_name}:refund:{refund.id}:{refund.attempts}",
        intent_id=refund.payment.intent_id,
        cents=refund.amount_cents,
        metadata={"organisation": connection.schema_name, "refund": str(refund.id)},
    )


def refresh_refund(*, processor_id: str, at: datetime) -> None:
    """Ask the processor what became of a refund it told us about; one that is not ours is passed over."""
    refund = Refund.objects.filter(processor_id=processor_id).select_related("payment__order__payee").first()
    if refund is None:
        return
    answer = refunds.look_at(account=refund.payment.order.payee.processor_account, refund_id=processor_id)
    _enter(refund_id=refund.id, to=RefundStatus(answer.status), processor_id=processor_id, at=at)


@operation
def _enter(*, refund_id: UUID, to: RefundStatus, processor_id: str, at: datetime) -> None:
    before = Refund.objects.select_related("payment__order").get(pk=refund_id)
    if not move_refund(refund_id, to, processor_id=processor_id, ended_at=at):
        return
    sides = {
        RefundStatus.SUCCEEDED: (Account.REFUNDS, Account.PROCESSOR, "paid"),
        # The money came back to the processor: it is owed again, and someone must find another way.
        RefundStatus.FAILED: (Account.PROCESSOR, Account.REFUNDS, "returned"),
    }
    came_back = to == RefundStatus.FAILED and before.status == RefundStatus.SUCCEEDED
    if to == RefundStatus.SUCCEEDED or came_back:
        debit, credit, what = sides[to]
        ledger.enter(
            debit=debit,
            credit=credit,
            cents=before.amount_cents,
            order=before.payment.order,
            source=f"refund:{refund_id}:{what}",
            at=at,
        )
