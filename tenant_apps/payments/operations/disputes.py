"""Payments that the payer's bank contests: what it takes and gives back is entered, and staff are told in time.

A dispute that is lost makes the order owe again: what becomes of it is for a person to decide (docs/refunds.md).
"""

from datetime import datetime

from billing.gateway import disputes
from billing.gateway.disputes import Dispute
from kernel.database import lock_one
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import SYSTEM
from shared_apps.outbox import operations as outbox
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account, Order
from tenant_apps.organisation import queries as organisation
from tenant_apps.payments import disputed, refunding
from tenant_apps.payments.models import Means, Payment, Status
from tenant_apps.payments.operations.refund import owe_refund
from tenant_apps.payments.operations.settle import settle


def refresh(*, dispute_id: str, intent_id: str, at: datetime) -> None:
    """Ask the processor what became of a dispute it told us about; of a payment that is not ours, nothing is done.

    Raises ProcessorUnavailable, ProcessorRefused or PaymentUnavailable.
    """
    known = Payment.objects.select_related("order__payee").filter(means=Means.ONLINE).exclude(intent_id="")
    payment = known.filter(intent_id=intent_id).first()
    if payment is None:
        return
    dispute = disputes.look_at(account=payment.order.payee.processor_account, dispute_id=dispute_id)
    if dispute.intent_id != payment.intent_id:
        return
    if payment.status != Status.SUCCEEDED and settle(payment_id=payment.id, at=at).status != Status.SUCCEEDED:
        # The money is not entered yet: the next word about it, or the reconciliation, comes back here.
        return
    enter(payment=payment, dispute=dispute, at=at)


@operation
def enter(*, payment: Payment, dispute: Dispute, at: datetime) -> None:
    """What the processor says of it. Safe to repeat, in any order: a dispute that is decided stays so."""
    order = lock_one(Order.objects.filter(pk=payment.order_id))
    payment = lock_one(Payment.objects.filter(pk=payment.pk))
    before = next((each["status"] for each in disputed.all_of(payment.dispute) if each["id"] == dispute.id), None)
    # Money may come back after the word that it will.
    _move(order, dispute, Account.DISPUTES, Account.PROCESSOR, dispute.taken_cents, "withdrawn", at)
    _move(order, dispute, Account.PROCESSOR, Account.DISPUTES, dispute.returned_cents, "reinstated", at)
    if before == dispute.status or before in disputed.DECIDED:
        return
    due_on = dispute.due_at.astimezone(organisation.profile().zone).date() if dispute.due_at else None
    words = {"id": dispute.id, "status": dispute.status, "cents": dispute.cents, "due_on": str(due_on or "")}
    Payment.objects.filter(pk=payment.pk).update(dispute=disputed.with_others(words, payment.dispute))
    if dispute.status == "lost":
        kept = dispute.taken_cents - dispute.returned_cents
        _move(order, dispute, Account.RECEIVABLE, Account.DISPUTES, kept, "lost", at)
    elif dispute.status == "won":
        _give_what_waited(payment, order, dispute, at)
    audit.record(
        action="payments.disputed", subject="payment", subject_id=payment.id, actor=SYSTEM, at=at, details=words
    )
    payload = {"payment": str(payment.id), "dispute": dispute.id, "status": dispute.status}
    outbox.tell(kind="payments.disputed", payload=payload, at=at)


def _give_what_waited(payment: Payment, order: Order, dispute: Dispute, at: datetime) -> None:
    """What was given up while the bank had the money could not be given back."""
    beyond = min(-ledger.balance_of_order(order.id), refunding.left_of(payment.id))
    if beyond > 0:
        owe_refund(payment=payment, cents=beyond, reason=f"dispute:{dispute.id}"[:60], at=at)


def _move(order: Order, dispute: Dispute, debit: Account, credit: Account, cents: int, what: str, at: datetime) -> None:
    source = f"dispute:{dispute.id}:{what}"
    ledger.enter(debit=debit, credit=credit, cents=max(cents, 0), order=order, source=source, at=at)
