"""One movement of the processor's books against ours: what is known of it is entered, what does not fit is said."""

from datetime import datetime
from uuid import UUID

from billing.gateway import books
from billing.gateway.books import Cause, Movement
from tenant_apps.accounting.reconciliation import entering, finding
from tenant_apps.accounting.reconciliation.differences import Difference, Kind
from tenant_apps.accounting.reconciliation.ours import Ours, entered
from tenant_apps.payments.models import Payment, Refund, RefundStatus, Status

_CAUSES = {
    books.CHARGE: Kind.CHARGE,
    books.REFUND: Kind.REFUND,
    books.REFUND_BACK: Kind.REFUND,
    books.DISPUTE: Kind.DISPUTE,
    books.PAYOUT: Kind.PAYOUT,
    books.PAYOUT_BACK: Kind.PAYOUT,
}


def compare(movement: Movement, ours: Ours, *, at: datetime) -> list[Difference]:
    """Nothing where both books say the same. The thing that moved the money is one difference, its row another."""
    entering.enter_fees(movement, ours, at=at)
    if movement.cause and movement.kind == books.CHARGE:
        return _charge(movement, movement.cause, ours, at)
    if movement.cause and movement.kind in (books.REFUND, books.REFUND_BACK):
        return _refund(movement, movement.cause, ours, at)
    if movement.cause and movement.kind == books.DISPUTE:
        return _dispute(movement, movement.cause, ours, at)
    if movement.kind in (books.PAYOUT, books.PAYOUT_BACK):
        return _payout(movement, ours, at)
    return _row(movement, ours, movement.cents) if movement.kind == books.FEE else [_homeless(movement, ours, at)]


def on_its_way(movement: Movement, ours: Ours) -> int:
    """Cents that the processor has moved and that our ledger enters once they have arrived."""
    refund = ours.refund_of(movement.cause) if movement.cause and movement.kind == books.REFUND else None
    pending = refund is not None and refund.status in (RefundStatus.DUE, RefundStatus.PENDING)
    return movement.cents if refund and pending and f"refund:{refund.id}:paid" not in ours.entered else 0


def _charge(movement: Movement, cause: Cause, ours: Ours, at: datetime) -> list[Difference]:
    payment = ours.payment_of(cause)
    if payment is not None:
        finding.payment(payment, cause, at=at)
    if payment is None or payment.status != Status.SUCCEEDED:
        return [_homeless(movement, ours, at, payment=payment)]
    entering.claim(movement, ours, at=at)
    found = _row(movement, ours, payment.amount_cents, payment)
    if (cause.cents, cause.currency) != (payment.amount_cents, payment.currency):
        found.append(_of_cause(movement, cause, ours, payment.amount_cents, payment.id))
    return found


def _refund(movement: Movement, cause: Cause, ours: Ours, at: datetime) -> list[Difference]:
    refund = ours.refund_of(cause)
    if refund is None:
        return [_homeless(movement, ours, at)]
    finding.refund(refund, cause, at=at)
    comes_back = movement.kind == books.REFUND_BACK
    if _is_unlike(refund, cause, comes_back=comes_back):
        return [_homeless(movement, ours, at, payment=refund.payment)]
    entering.claim(movement, ours, at=at)
    found = _row(movement, ours, refund.amount_cents * (1 if comes_back else -1), refund.payment)
    if not comes_back and cause.cents != refund.amount_cents:
        found.append(_of_cause(movement, cause, ours, -refund.amount_cents, refund.payment_id))
    return found


def _is_unlike(refund: Refund, cause: Cause, *, comes_back: bool) -> bool:
    """They gave the money back, or have it again, and our refund says otherwise."""
    if comes_back:
        return refund.status != RefundStatus.FAILED
    return cause.status == "succeeded" and refund.status != RefundStatus.SUCCEEDED


def _dispute(movement: Movement, cause: Cause, ours: Ours, at: datetime) -> list[Difference]:
    payment = ours.payment_of(cause)
    source = f"dispute:{cause.id}:{'withdrawn' if movement.cents < 0 else 'reinstated'}"
    if payment is not None and source not in ours.entered:
        finding.dispute(payment, cause, at=at)
        ours.entered.update(entered([source]))
    if payment is None or source not in ours.entered:
        return [_homeless(movement, ours, at, payment=payment)]
    entering.claim(movement, ours, at=at)
    found = _row(movement, ours, ours.entered[source], payment)
    if movement.cents < 0 and cause.cents != -ours.entered[source]:
        found.append(_of_cause(movement, cause, ours, ours.entered[source], payment.id))
    return found


def _payout(movement: Movement, ours: Ours, at: datetime) -> list[Difference]:
    entering.enter_payout(movement, ours, at=at)
    cents = ours.entered[entering.payout_source(movement)]
    found = _row(movement, ours, cents)
    if movement.cause and movement.kind == books.PAYOUT and movement.cause.cents != -cents:
        found.append(_of_cause(movement, movement.cause, ours, cents))
    return found


def _row(movement: Movement, ours: Ours, cents: int, payment: Payment | None = None) -> list[Difference]:
    """The row of their balance: its amount, its net with the fees that we entered, and whether it adds up."""
    own = 0 if movement.kind == books.FEE else cents
    net = own + ours.entered[f"fee:{movement.id}"] + ours.entered[f"fee:{movement.id}:platform"]
    pairs = [(movement.cents, cents), (movement.net_cents, net), (movement.sum_cents, movement.net_cents)]
    unlike = next(((theirs, expected) for theirs, expected in pairs if theirs != expected), None)
    if unlike is None:
        return []
    return [
        Difference(
            kind=Kind.MOVEMENT,
            reference=movement.id,
            cents=unlike[0],
            expected_cents=unlike[1],
            currency=movement.currency,
            at=movement.at,
            payee_id=ours.payee_id_of(movement),
            payment_id=payment.id if payment else None,
        )
    ]


def _of_cause(
    movement: Movement, cause: Cause, ours: Ours, expected_cents: int, payment_id: UUID | None = None
) -> Difference:
    """What the thing itself says, with the sign of what it moved."""
    return Difference(
        kind=_CAUSES[movement.kind],
        reference=cause.id,
        cents=cause.cents if expected_cents > 0 else -cause.cents,
        expected_cents=expected_cents,
        currency=cause.currency,
        at=movement.at,
        payee_id=ours.payee_id_of(movement),
        payment_id=payment_id,
    )


def _homeless(movement: Movement, ours: Ours, at: datetime, *, payment: Payment | None = None) -> Difference:
    entering.give_a_home(movement, ours, at=at)
    cause = movement.cause
    return Difference(
        kind=_CAUSES.get(movement.kind, Kind.MOVEMENT),
        reference=cause.id if cause else movement.id,
        cents=movement.cents,
        expected_cents=None,
        currency=movement.currency,
        at=movement.at,
        payee_id=ours.payee_id_of(movement),
        payment_id=payment.id if payment else None,
    )
