"""What staff do about money that goes back: give some back, find another way for what failed, say what was made."""

from datetime import datetime
from uuid import UUID

from django.db.models import F, Sum

from kernel.database import lock_one
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from shared_apps.outbox import operations as outbox
from tenant_apps.catalog.pricing.rounding import shares
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account, Order, Transfer
from tenant_apps.payments import refunding
from tenant_apps.payments.errors import MoreThanPaid, NoCardPaid, ProofMissing, RefundMoved
from tenant_apps.payments.models import Means, Payment, Refund, RefundMeans, RefundStatus, Status
from tenant_apps.payments.operations import instalments, refund
from tenant_apps.payments.states import move_refund

# What the rows of a sale that staff lowered are called first.
REBATE = "rebate:"


@operation
def give_back(
    *, order_id: UUID, cents: int, words: str, key: UUID, actor: Actor, at: datetime, means: RefundMeans | None = None
) -> list[Refund]:
    """What the family paid too much goes back first; beyond it, the sale itself is lowered. Once per `key`.

    By `means`, else to what paid. Raises MoreThanPaid, and NoCardPaid where the card is asked for what it did not pay.
    """
    order = lock_one(Order.objects.filter(pk=order_id))
    reason = f"staff:{key.hex}"
    if known := list(Refund.objects.filter(payment__order=order, reason=reason)):
        return known
    paid = Payment.objects.filter(order=order, status=Status.SUCCEEDED)
    payments = [each for each in refunding.in_order(paid) if means != RefundMeans.CARD or each.means == Means.ONLINE]
    left = refunding.left_of_payments(paid)
    if cents > sum(left[each.id] for each in payments):
        raise NoCardPaid if means == RefundMeans.CARD else MoreThanPaid
    beyond = max(-ledger.balance_of_order(order.id), 0)
    _lower(order, max(cents - beyond, 0), key, at)
    refunds = []
    for payment in payments:
        part = min(left[payment.id], cents)
        if part:
            cents -= part
            refunds.append(
                refund.owe_refund(
                    payment=payment, cents=part, reason=reason, at=at, means=means, decided_by=actor.user_id
                )
            )
    for each in refunds:
        _record("refund_owed", each, actor, at, words=words)
    return refunds


@operation
def forgive(*, order_id: UUID, cents: int, words: str, key: UUID, actor: Actor, at: datetime) -> int:
    """Take some of what is still owed off an order, as of one whose payment was lost. Once per `key`; never below zero.

    Returns the cents.
    """
    order = lock_one(Order.objects.filter(pk=order_id))
    if known := _lowered(order, key):
        return known
    cents = min(cents, max(ledger.balance_of_order(order.id), 0))
    if _lower(order, cents, key, at):
        instalments.fit(order_id=order.id, at=at, last_first=True)
        details = {"cents": cents, "words": words}
        audit.record(
            action="payments.forgiven", subject="order", subject_id=order.id, actor=actor, at=at, details=details
        )
    return cents


@operation
def do_otherwise(*, refund_id: UUID, means: RefundMeans, actor: Actor, at: datetime) -> Refund:
    """Another way for a refund that failed, or that nobody has made yet. It is replaced once.

    Raises RefundMoved, or NoCardPaid.
    """
    failed = lock_one(Refund.objects.select_related("payment__order").filter(pk=refund_id))
    if not refunding.may_be_otherwise(failed):
        raise RefundMoved(now=failed.get_status_display())
    if means == RefundMeans.CARD and failed.payment.means != Means.ONLINE:
        raise NoCardPaid
    # What nobody has made yet is given up without a word: it is this one that the family is told of.
    move_refund(failed.pk, RefundStatus.FAILED, ended_at=at)
    other = Refund.objects.create(
        payment=failed.payment,
        amount_cents=failed.amount_cents,
        reason=f"again:{failed.id.hex}",
        means=means,
        replaces=failed,
        decided_by=actor.user_id,
        requested_at=at,
    )
    outbox.tell(kind="payments.refund_owed", payload={"refund": str(other.id)}, at=at)
    _record("refund_otherwise", other, actor, at)
    refund.give_credit(other, at)
    return other


@operation
def mark_done(*, refund_id: UUID, proof: str, actor: Actor, at: datetime) -> Refund:
    """The cheque is written, the transfer sent, the cash handed over. Raises ProofMissing and RefundMoved."""
    made = lock_one(Refund.objects.filter(pk=refund_id))
    if made.means != RefundMeans.CASH and not proof.strip():
        raise ProofMissing
    if made.means not in refunding.BY_HAND or not refund.enter(
        refund_id=refund_id, to=RefundStatus.SUCCEEDED, at=at, proof=proof.strip()[:60]
    ):
        raise RefundMoved(now=made.get_status_display())
    _record("refund_made", made, actor, at, proof=proof.strip()[:60])
    return Refund.objects.get(pk=refund_id)


@operation
def mark_returned(*, refund_id: UUID, actor: Actor, at: datetime) -> Refund:
    """The cheque was lost, the transfer came back: it is owed again. Raises RefundMoved."""
    made = lock_one(Refund.objects.filter(pk=refund_id))
    if not refunding.may_return(made) or not refund.enter(refund_id=refund_id, to=RefundStatus.FAILED, at=at):
        raise RefundMoved(now=made.get_status_display())
    _record("refund_returned", made, actor, at)
    return Refund.objects.get(pk=refund_id)


def _lower(order: Order, cents: int, key: UUID, at: datetime) -> int:
    """Out of what was sold, each price and tax in proportion. Returns how many rows it took."""
    sold = _sold(order)
    for (account, offering_id), part in zip(sold, shares(cents, list(sold.values())), strict=True):
        ledger.enter(
            debit=Account(account),
            credit=Account.RECEIVABLE,
            cents=part,
            order=order,
            offering_id=offering_id,
            source=f"{_rows_of(order, key)}{account}:{offering_id.hex if offering_id else ''}",
            at=at,
        )
    return len(sold) if cents else 0


def _lowered(order: Order, key: UUID) -> int:
    """What these rows took off the order, where they are entered."""
    rows = Transfer.objects.filter(order=order, source__startswith=_rows_of(order, key))
    return rows.aggregate(sum=Sum("amount_cents"))["sum"] or 0


def _rows_of(order: Order, key: UUID) -> str:
    """A key that a page gave twice takes off each order all the same."""
    return f"{REBATE}{key.hex}:{order.id.hex}:"


def _sold(order: Order) -> dict[tuple[str, UUID | None], int]:
    found: dict[tuple[str, UUID | None], int] = {}
    rows = Transfer.objects.filter(order=order).order_by()
    for side, sign in (("credit", 1), ("debit", -1)):
        of_side = (
            rows.filter(**{f"{side}__in": ledger.SOLD}).annotate(account=F(side)).values_list("account", "offering_id")
        )
        for account, offering_id, cents in of_side.annotate(cents=Sum("amount_cents")):
            found[account, offering_id] = found.get((account, offering_id), 0) + sign * cents
    return {key: cents for key, cents in sorted(found.items(), key=str) if cents > 0}


def _record(what: str, made: Refund, actor: Actor, at: datetime, **details: str) -> None:
    """About the payment: the order tells of all that was done with its money."""
    audit.record(
        action=f"payments.{what}",
        subject="payment",
        subject_id=made.payment_id,
        actor=actor,
        at=at,
        details={"refund": str(made.id), "cents": made.amount_cents, "means": made.means, **details},
    )
