"""The one place where money that has come is entered, whatever it came by: ledger, order, receipt, instalments.

What comes beyond what is owed goes back by itself: a place that was gone, an order that was paid twice.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from kernel.database import lock_one
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import SYSTEM, Actor
from shared_apps.outbox import operations as outbox
from tenant_apps.openings import operations as openings
from tenant_apps.orders import ledger
from tenant_apps.orders import operations as orders
from tenant_apps.orders import queries as order_queries
from tenant_apps.orders.models import Account, Order, OrderLine
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.orders.numbering import next_number
from tenant_apps.payments import credit
from tenant_apps.payments.models import Means, Payment, Receipt, RefundMeans, Status
from tenant_apps.payments.operations import instalments
from tenant_apps.payments.operations.refund import owe_refund
from tenant_apps.payments.states import move
from tenant_apps.registrations import operations as registrations
from tenant_apps.registrations.errors import OptionFull

# Where the money of each means lies once it is ours.
HELD_IN: dict[str, Account] = {
    Means.ONLINE: Account.PROCESSOR,
    Means.CREDIT: Account.CREDIT,
    Means.CASH: Account.CASH,
    Means.CHEQUE: Account.CASH,
    Means.TERMINAL: Account.BANK,
    Means.TRANSFER: Account.BANK,
}


class _SettledBefore(Exception):
    """By another payment, which has it; or let go, and nothing was paid."""


@operation
def receive(
    *, payment: Payment, at: datetime, actor: Actor = SYSTEM, surplus: RefundMeans | None = None, **facts: Any
) -> bool:
    """Enter a payment that has come. False if it was entered before. `facts`: what is known of it now.

    It settles an order that waits for it; of one that is settled, it pays what is still due. `surplus`: by what means
    the payer has asked that what is beyond be given back.
    """
    if not move(payment.id, Status.SUCCEEDED, ended_at=at, **facts):
        return False
    order = payment.order
    _enter(payment, order, at)
    is_settled = order.status == OrderStatus.SETTLED
    gone = None if is_settled else conclude(order=order, at=at, payment_id=payment.id, actor=actor)
    lock_one(Order.objects.filter(pk=order.pk))
    Receipt.objects.create(
        payment=payment,
        payee_id=order.payee_id,
        number=next_number(payee_id=order.payee_id, series="receipts"),
        issued_at=at,
    )
    instalments.fit(order_id=order.id, at=at)
    if gone is None:
        outbox.tell(kind="payments.received", payload={"payment": str(payment.id)}, at=at)
    if (beyond := -ledger.balance_of_order(order.id)) > 0:
        cents = min(beyond, payment.amount_cents)
        if surplus and not gone:
            owe_refund(payment=payment, cents=cents, reason="surplus", at=at, means=surplus)
        else:
            owe_refund(payment=payment, cents=cents, reason="places_gone" if gone else "paid_twice", at=at)
    return True


@operation
def conclude(
    *, order: Order, at: datetime, payment_id: UUID | None = None, actor: Actor = SYSTEM
) -> list[OrderLine] | None:
    """Settle an order: its registrations are confirmed and its sale is entered; what is unpaid of it stays owed.

    Returns the lines that could not be had; None where it was settled before: what came free since is not won by it.
    None as well where it was let go and no money came: only money is believed after that.
    """
    try:
        with transaction.atomic():
            sold, gone = _confirm_lines(order, at)
            if not _settle_order(order, sold, at, payment_id=payment_id, actor=actor):
                raise _SettledBefore
            _spend_credit(order, at)
    except _SettledBefore:
        return None
    instalments.take_up(order_id=order.id)
    instalments.fit(order_id=order.id, at=at)
    return gone


def _enter(payment: Payment, order: Order, at: datetime) -> None:
    held_in = HELD_IN[payment.means]
    guardian_id = order.guardian_id if held_in == Account.CREDIT else None
    ledger.enter(
        debit=held_in,
        credit=Account.RECEIVABLE,
        cents=payment.amount_cents,
        order=order,
        guardian_id=guardian_id,
        source=f"payment:{payment.id}:received",
        at=at,
    )
    sides = (held_in, Account.ROUNDING) if payment.rounding_cents > 0 else (Account.ROUNDING, held_in)
    ledger.enter(
        debit=sides[0],
        credit=sides[1],
        cents=abs(payment.rounding_cents),
        order=order,
        source=f"payment:{payment.id}:rounded",
        at=at,
    )


def _spend_credit(order: Order, at: datetime) -> None:
    """What was reserved for it, or was when it was let go and the family still has: never more than is owed."""
    reserved = Payment.objects.filter(order=order, means=Means.CREDIT, status__in=(Status.STARTED, Status.CANCELLED))
    for payment in reserved.order_by("-attempt")[:1]:
        owed = ledger.balance_of_order(order.id)
        had = payment.amount_cents if payment.status == Status.STARTED else credit.locked(order)
        cents = min(payment.amount_cents, owed, had)
        if cents <= 0:
            move(payment.id, Status.CANCELLED, ended_at=at)
        elif move(payment.id, Status.SUCCEEDED, ended_at=at, amount_cents=cents):
            payment.amount_cents = cents
            _enter(payment, order, at)


def _confirm_lines(order: Order, at: datetime) -> tuple[list[OrderLine], list[OrderLine]]:
    """The lines that could be had, and those whose places went to others while the money was on its way."""
    sold: list[OrderLine] = []
    gone: list[OrderLine] = []
    for line in order_queries.lines_of(order.id):
        try:
            registrations.confirm(registration_id=line.registration_id, at=at)
        except OptionFull:
            gone.append(line)
        else:
            (gone if order_queries.is_sold_elsewhere(line) else sold).append(line)
    # What stood for a registration that has ended meanwhile still keeps its place.
    registrations.release_unpaid(registration_ids=[line.registration_id for line in gone], at=at)
    return sold, gone


def _settle_order(
    order: Order, sold: Sequence[OrderLine], at: datetime, *, payment_id: UUID | None, actor: Actor
) -> bool:
    may = Q() if payment_id else Q(status=OrderStatus.OPEN)
    if not orders.settle(order=order, sold=sold, at=at, where=may):
        return False
    registrations.close_if_done(basket_id=order.basket_id, at=at)
    openings.finish(guardian_id=order.guardian_id, at=at)
    outbox.tell(
        kind="orders.settled",
        payload={
            "order": str(order.id),
            "payment": str(payment_id) if payment_id else None,
            "lines": [str(line.id) for line in sold],
        },
        at=at,
    )
    audit.record(action="orders.settled", subject="order", subject_id=order.id, actor=actor, at=at)
    return True
