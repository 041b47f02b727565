"""Money to give back: owed in the ledger first, then asked of the processor until it has an answer, or made by staff.

Credit is given at once. What goes back of a payment is never more than it took, whoever asks at the same instant.
"""

from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db.models import F

from billing.gateway import refunds
from billing.gateway.client import ProcessorBusy, ProcessorErred, ProcessorRefused, ProcessorUnavailable
from kernel.database import connection, lock_one
from kernel.transactions import operation
from shared_apps.outbox import operations as outbox
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account, Order
from tenant_apps.payments import refunding
from tenant_apps.payments.errors import MoreThanPaid
from tenant_apps.payments.models import Payment, Refund, RefundMeans, RefundStatus
from tenant_apps.payments.states import move_refund

log = structlog.get_logger(__name__)

# What a refund of each means is paid from.
PAID_FROM: dict[str, Account] = {
    RefundMeans.CARD: Account.PROCESSOR,
    RefundMeans.CREDIT: Account.CREDIT,
    RefundMeans.CHEQUE: Account.BANK,
    RefundMeans.TRANSFER: Account.BANK,
    RefundMeans.CASH: Account.CASH,
}
# The processor has not enough of the payee's money today: it is asked again.
_LATER = {"balance_insufficient", "insufficient_funds"}
_AT_ONCE = 100
# Nobody can have asked for it before.
_FRESH = timedelta(minutes=10)


@operation
def owe_refund(
    *,
    payment: Payment,
    cents: int,
    reason: str,
    at: datetime,
    means: RefundMeans | None = None,
    decided_by: UUID | None = None,
) -> Refund:
    """Enter that `cents` of a payment go back, once per payment and reason: by `means`, else by what paid.

    Raises MoreThanPaid.
    """
    # Whoever gives back of the same order waits here, and then sees what this one gives.
    order = lock_one(Order.objects.filter(pk=payment.order_id))
    known = Refund.objects.filter(payment=payment, reason=reason).first()
    if known is not None:
        return known
    if cents > refunding.left_of(payment.id):
        raise MoreThanPaid
    refund = Refund.objects.create(
        payment=payment,
        amount_cents=cents,
        reason=reason,
        means=means or refunding.means_of(payment),
        decided_by=decided_by,
        requested_at=at,
    )
    ledger.enter(
        debit=Account.RECEIVABLE,
        credit=Account.REFUNDS,
        cents=cents,
        order=order,
        source=f"refund:{refund.id}:owed",
        at=at,
    )
    outbox.tell(kind="payments.refund_owed", payload={"refund": str(refund.id)}, at=at)
    give_credit(refund, at)
    return refund


def give_credit(refund: Refund, at: datetime) -> None:
    """The family's credit needs nobody: it is there at once."""
    if refund.means == RefundMeans.CREDIT:
        enter(refund_id=refund.id, to=RefundStatus.SUCCEEDED, at=at)


def send_refunds(*, at: datetime) -> None:
    """Ask the processor for each refund still to do. What had no answer is asked again next time, by the same key."""
    waiting = Refund.objects.filter(status=RefundStatus.DUE, means=RefundMeans.CARD)
    # Those of as many attempts by chance: one that never has an answer does not keep the others back for ever.
    for refund_id in waiting.order_by("attempts", "?").values_list("id", flat=True)[:_AT_ONCE]:
        try:
            _send(refund_id, at)
        except ProcessorBusy:
            continue
        except ProcessorUnavailable:
            # Each of the others would wait as long for nothing.
            return


@operation
def _send(refund_id: UUID, at: datetime) -> None:
    """Its row is held meanwhile: two who sent it under two keys would give it back twice.

    Its key changes with an answer that was kept for it, and with no other: what had none may still be under way.
    Raises ProcessorUnavailable where there was none.
    """
    waiting = Refund.objects.filter(pk=refund_id, status=RefundStatus.DUE)
    refund = waiting.select_for_update(skip_locked=True).first()
    if refund is None:
        return
    try:
        answer = _ask(refund, at)
    except ProcessorErred:
        _ask_by_another_key(refund)
    except ProcessorRefused as error:
        log.warning("payments.refund_refused", refund=str(refund.id), code=error.code)
        _ask_by_another_key(refund)
        if error.code not in _LATER:
            enter(refund_id=refund.id, to=RefundStatus.FAILED, at=at)
    else:
        enter(refund_id=refund.id, to=RefundStatus(answer.status), processor_id=answer.id, at=at)


def _ask(refund: Refund, at: datetime) -> refunds.Refunded:
    account = refund.payment.order.payee.processor_account
    if refund.attempts or at - refund.requested_at > _FRESH:
        # An earlier try failed, had no answer, or died with who made it: look before asking again. Until then its key
        # alone sees to it that it is made once.
        made = refunds.find(account=account, intent_id=refund.payment.intent_id, refund=str(refund.id))
        if made is not None:
            return made
    return refunds.give_back(
        account=account,
        idempotency_key=f"{connection.schema_name}:refund:{refund.id}:{refund.attempts}",
        intent_id=refund.payment.intent_id,
        cents=refund.amount_cents,
        metadata={"organisation": connection.schema_name, "refund": str(refund.id)},
    )


def _ask_by_another_key(refund: Refund) -> None:
    Refund.objects.filter(pk=refund.pk).update(attempts=F("attempts") + 1)


def refresh_refund(*, processor_id: str, at: datetime) -> None:
    """Ask the processor what became of a refund it told us about; one that is not ours is passed over."""
    refund = Refund.objects.filter(processor_id=processor_id).select_related("payment__order__payee").first()
    if refund is None:
        return
    answer = refunds.look_at(account=refund.payment.order.payee.processor_account, refund_id=processor_id)
    enter(refund_id=refund.id, to=RefundStatus(answer.status), processor_id=processor_id, at=at)


def refresh_pending(*, at: datetime) -> None:
    """Those that wait at the processor, whose end nobody may have told us. Raises ProcessorUnavailable."""
    pending = Refund.objects.filter(status=RefundStatus.PENDING).exclude(processor_id="")
    for processor_id in pending.values_list("processor_id", flat=True):
        try:
            refresh_refund(processor_id=processor_id, at=at)
        except ProcessorRefused as error:
            # One that it does not show, as of an account that is closed, keeps no other waiting.
            log.warning("payments.refund_not_shown", refund=processor_id, code=error.code)


@operation
def enter(*, refund_id: UUID, to: RefundStatus, at: datetime, **facts: str) -> bool:
    """What became of a refund, once: the money left, or it came back and someone must find another way."""
    # As it is now: what it was says whether money came back.
    before = lock_one(Refund.objects.select_related("payment__order").filter(pk=refund_id))
    if not move_refund(refund_id, to, ended_at=None if to == RefundStatus.PENDING else at, **facts):
        return False
    order, held_in = before.payment.order, PAID_FROM[before.means]
    if to == RefundStatus.SUCCEEDED:
        _transfer(before, Account.REFUNDS, held_in, "paid", order, at)
    elif to == RefundStatus.FAILED:
        if before.status == RefundStatus.SUCCEEDED:
            _transfer(before, held_in, Account.REFUNDS, "returned", order, at)
        outbox.tell(kind="payments.refund_failed", payload={"refund": str(refund_id)}, at=at)
    return True


def _transfer(refund: Refund, debit: Account, credit: Account, what: str, order: Order, at: datetime) -> None:
    ledger.enter(
        debit=debit,
        credit=credit,
        cents=refund.amount_cents,
        order=order,
        guardian_id=order.guardian_id if Account.CREDIT in (debit, credit) else None,
        source=f"refund:{refund.id}:{what}",
        at=at,
    )
