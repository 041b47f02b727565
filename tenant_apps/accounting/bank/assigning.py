"""What a bank line was for: orders, money that the books have already, a refund that was made, or none of ours."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import override

from kernel import ids
from kernel.database import lock, lock_one, unique
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import SYSTEM, Actor
from tenant_apps.accounting.bank import copies, home
from tenant_apps.accounting.bank.errors import (
    LineClosed,
    LineMoved,
    MoreThanLeft,
    MoreThanOwed,
    NoteMissing,
    NothingAssigned,
    NotInTheBooks,
)
from tenant_apps.accounting.models import Book, LineStatus, StatementLine
from tenant_apps.orders.models import Order
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.rules import read as read_rules
from tenant_apps.payments.attempts import next_attempt
from tenant_apps.payments.models import Means, Payment, RefundMeans
from tenant_apps.payments.operations import counter, refund_by_hand
from tenant_apps.payments.operations.cancel import cancel_payments_of
from tenant_apps.payments.operations.later import lay_rest
from tenant_apps.payments.operations.receive import receive


@dataclass(frozen=True, slots=True)
class Part:
    """Of a line, to an order. `surplus`: by what means what is beyond its balance goes back; None refuses it."""

    order_id: UUID
    cents: int
    surplus: RefundMeans | None = None


def orders_of(line: StatementLine) -> Any:
    """Those that its account is paid for: of its payee, or of others that have the same account."""
    same = Q(payee_id=line.payee_id)
    if line.payee.iban:
        same |= Q(payee__iban=line.payee.iban)
    return Order.objects.filter(same, currency=line.currency).select_related("payee", "guardian")


def owed(order: Order) -> int:
    """Cents that a transfer may pay of it: of one that was let go, all of it, for its places may still be free."""
    return order.total_cents if order.status == OrderStatus.CANCELLED else counter.due(order)


def assign(
    *, line_id: UUID, parts: Sequence[Part], actor: Actor, at: datetime, left_cents: int | None = None
) -> list[Payment]:
    """Enter what came as payments of orders. `left_cents`: what was left of the line as its reader saw it.

    No page stays open on which the same would be paid again. Raises LineClosed, LineMoved, MoreThanLeft,
    MoreThanOwed, NothingAssigned, and what `counter.receive` raises.
    """
    order_ids = [part.order_id for part in parts]
    if not parts or any(part.cents <= 0 for part in parts):
        raise NothingAssigned
    cancel_payments_of(list(Order.objects.filter(pk__in=order_ids)), at=at)
    return _assign(line_id=line_id, parts=parts, left_cents=left_cents, actor=actor, at=at)


@operation
def _assign(
    *, line_id: UUID, parts: Sequence[Part], left_cents: int | None, actor: Actor, at: datetime
) -> list[Payment]:
    line = _open(line_id)
    left = home.left_of(line)
    if left_cents is not None and left != left_cents:
        raise LineMoved
    if sum(part.cents for part in parts) > left:
        raise MoreThanLeft
    payments = [_pay(line, part, actor, at) for part in parts]
    if sum(part.cents for part in parts) == left:
        _end(line, LineStatus.MATCHED, actor, at, payment=payments[0] if len(payments) == 1 else None)
    return payments


def _pay(line: StatementLine, part: Part, actor: Actor, at: datetime) -> Payment:
    # Before the balance is read: who receives something else in between has taken this attempt.
    attempt = next_attempt(part.order_id)
    order = orders_of(line).get(pk=part.order_id)
    _check(order, part, actor)
    with override(order.language), unique(counter.ReceivedMeanwhile):
        payment = Payment.objects.create(
            id=ids.uuid7(),
            order=order,
            attempt=attempt,
            means=Means.TRANSFER,
            amount_cents=part.cents,
            currency=order.currency,
            method=str(Means.TRANSFER.label),
            reference=line.reference[:60],
            received_on=line.booked_on,
            recorded_by=actor.user_id,
            started_at=at,
        )
    home.give(line, part.cents, home.paid(payment.id), at)
    receive(payment=payment, at=at, actor=actor, surplus=part.surplus)
    lay_rest(order_id=order.id, at=at)
    details = {"line": str(line.id), "cents": part.cents}
    audit.record(
        action="payments.received_by_bank", subject="order", subject_id=order.id, actor=actor, at=at, details=details
    )
    return payment


def _check(order: Order, part: Part, actor: Actor) -> None:
    if part.surplus is None and part.cents > owed(order):
        raise MoreThanOwed(reference=order.reference)
    if is_too_little(order, part.cents, actor):
        raise counter.TooLittle


def is_too_little(order: Order, cents: int, actor: Actor) -> bool:
    """Less than what makes the places theirs, where the rules let neither families nor staff leave the rest."""
    if order.status == OrderStatus.SETTLED or cents >= order.first_cents:
        return False
    later = read_rules(organisation.profile().rules).paying.later
    return later == "nobody" or (actor == SYSTEM and later != "families")


@operation
def recognise(*, line_id: UUID, source: str, among: Collection[str], actor: Actor, at: datetime) -> None:
    """It is money that the ledger has already, as a deposit: it leaves its home and is not entered twice.

    `among`: what the books have of that amount and no line has taken. Raises LineClosed, LineMoved or NotInTheBooks.
    """
    # Both of two lines that are the same transfer: they are not each known as the other.
    both = lock(_lines().filter(pk__in=copies.pair(line_id, source)))
    line = _open(line_id)
    if home.left_of(line) != line.cents:
        raise LineMoved
    if source not in among or any(each.known_as.startswith(f"{copies.KIND}:") for each in both):
        raise NotInTheBooks
    home.give(line, line.cents, home.numbered(line, "known"), at)
    with unique(NotInTheBooks):
        _end(line, LineStatus.MATCHED, actor, at, known_as=source)


@operation
def confirm_refund(*, line_id: UUID, refund_id: UUID, actor: Actor, at: datetime) -> None:
    """Money that left the account: the transfer by which a refund was made. Raises LineClosed or RefundMoved."""
    line = _open(line_id)
    made = refund_by_hand.mark_done(refund_id=refund_id, proof=line.reference[:60], actor=actor, at=at)
    if made.amount_cents != -line.cents:
        raise NotInTheBooks
    _end(line, LineStatus.MATCHED, actor, at, known_as=f"refund:{refund_id}:paid")


@operation
def set_aside(*, line_id: UUID, note: str, actor: Actor, at: datetime) -> None:
    """What is left of it is none of ours, as the note says, and leaves the books. Raises NoteMissing or LineClosed."""
    if not note.strip():
        raise NoteMissing
    line = _open(line_id)
    home.give(line, home.left_of(line), home.numbered(line, home.ASIDE), at)
    _end(line, LineStatus.EXPLAINED, actor, at, note=note.strip()[:300])


@operation
def reopen(*, line_id: UUID, actor: Actor, at: datetime) -> None:
    """What was set aside is to be seen to after all. Raises LineClosed."""
    line = lock_one(_lines().filter(pk=line_id))
    if line.status != LineStatus.EXPLAINED:
        raise LineClosed
    home.take_back(line, home.put_aside(line), home.numbered(line, home.BACK), at)
    StatementLine.objects.filter(pk=line.pk).update(status=LineStatus.OPEN, ended_at=None)
    _record("reopened", line, actor, at)


def _lines() -> Any:
    return StatementLine.objects.filter(book=Book.BANK).select_related("payee")


def _open(line_id: UUID) -> StatementLine:
    """Its row is held: two who see to it at once do so one after the other."""
    line: StatementLine = lock_one(_lines().filter(pk=line_id))
    if line.status != LineStatus.OPEN:
        raise LineClosed
    return line


def _end(line: StatementLine, to: LineStatus, actor: Actor, at: datetime, **facts: Any) -> None:
    StatementLine.objects.filter(pk=line.pk).update(status=to, ended_at=at, owner=actor.user_id, **facts)
    _record(str(to), line, actor, at)


def _record(what: str, line: StatementLine, actor: Actor, at: datetime) -> None:
    audit.record(
        action=f"accounting.bank_line_{what}",
        subject="bank_line",
        subject_id=line.id,
        actor=actor,
        at=at,
        details={"reference": line.reference, "cents": line.cents},
    )
