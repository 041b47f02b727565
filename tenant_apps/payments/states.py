"""The lives of a payment, of a refund and of an instalment."""

from typing import Any
from uuid import UUID

from django.db.models import Q

from kernel.states import sources
from tenant_apps.payments.models import Instalment, InstalmentStatus, Payment, Refund, RefundStatus, Status

MOVES: dict[Status, frozenset[Status]] = {
    Status.STARTED: frozenset({Status.PROCESSING, Status.SUCCEEDED, Status.CANCELLED, Status.FAILED}),
    Status.PROCESSING: frozenset({Status.SUCCEEDED, Status.FAILED}),
    # The processor has the last word: what we had given up may turn out to be paid.
    Status.CANCELLED: frozenset({Status.SUCCEEDED}),
    Status.FAILED: frozenset({Status.SUCCEEDED}),
    Status.SUCCEEDED: frozenset(),
}
LIVE = (Status.STARTED, Status.PROCESSING)

REFUND_MOVES: dict[RefundStatus, frozenset[RefundStatus]] = {
    RefundStatus.DUE: frozenset({RefundStatus.PENDING, RefundStatus.SUCCEEDED, RefundStatus.FAILED}),
    RefundStatus.PENDING: frozenset({RefundStatus.SUCCEEDED, RefundStatus.FAILED}),
    # Cards die: a refund that succeeded may come back weeks later.
    RefundStatus.SUCCEEDED: frozenset({RefundStatus.FAILED}),
    RefundStatus.FAILED: frozenset(),
}

INSTALMENT_MOVES: dict[InstalmentStatus, frozenset[InstalmentStatus]] = {
    InstalmentStatus.DUE: frozenset(
        {InstalmentStatus.CHARGING, InstalmentStatus.FAILED, InstalmentStatus.PAID, InstalmentStatus.CANCELLED}
    ),
    # Back to due: the bank was asked before the day, or was never asked at all.
    InstalmentStatus.CHARGING: frozenset(
        {InstalmentStatus.DUE, InstalmentStatus.FAILED, InstalmentStatus.PAID, InstalmentStatus.CANCELLED}
    ),
    # Back to due as well, with another card, where staff gave it a day that is to come (cards.py).
    InstalmentStatus.FAILED: frozenset({InstalmentStatus.CHARGING, InstalmentStatus.PAID, InstalmentStatus.CANCELLED}),
    InstalmentStatus.PAID: frozenset(),
    # But with its order, whose money came once it was let go (instalments.take_up).
    InstalmentStatus.CANCELLED: frozenset(),
}


def move(payment_id: UUID, to: Status, where: Q | None = None, **fields: Any) -> bool:
    """True if the payment moved; False if it was elsewhere already, or `where` does not hold of it."""
    may_move = Payment.objects.filter(where or Q(), pk=payment_id, status__in=sources(MOVES, to))
    return may_move.update(status=to, **fields) == 1


def move_refund(refund_id: UUID, to: RefundStatus, **fields: Any) -> bool:
    return Refund.objects.filter(pk=refund_id, status__in=sources(REFUND_MOVES, to)).update(status=to, **fields) == 1


def move_instalment(instalment_id: UUID, to: InstalmentStatus, where: Q | None = None, **fields: Any) -> bool:
    """True if it moved; False if it was elsewhere already, or `where` does not hold of it."""
    may_move = Instalment.objects.filter(where or Q(), pk=instalment_id, status__in=sources(INSTALMENT_MOVES, to))
    return may_move.update(status=to, **fields) == 1
