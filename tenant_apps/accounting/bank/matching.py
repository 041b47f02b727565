"""Gives each line to the order that its words name, where there is no doubt; the rest waits for staff."""

from datetime import datetime
from uuid import UUID

import structlog
from django.db.models import QuerySet

from kernel.errors import Refusal
from shared_apps.audit.actors import SYSTEM, Actor
from tenant_apps.accounting.bank import assigning, home, proposals
from tenant_apps.accounting.bank.assigning import Part
from tenant_apps.accounting.bank.entering import IN
from tenant_apps.accounting.models import Book, LineStatus, StatementLine
from tenant_apps.orders.models import Order
from tenant_apps.payments import communication
from tenant_apps.payments.models import Refund, RefundMeans, RefundStatus

log = structlog.get_logger(__name__)

AT_ONCE = 100


def match_all(*, at: datetime, line_ids: list[UUID] | None = None) -> int:
    """Of the open lines, or of these. Returns how many found an order. Safe to repeat, and by two at once."""
    waiting = open_lines() if line_ids is None else open_lines().filter(pk__in=line_ids[:AT_ONCE])
    # The latest first: an old one that nobody claims must not keep the others waiting.
    return sum(match(line, at=at) for line in waiting.order_by("-found_at", "id")[:AT_ONCE])


def match(line: StatementLine, *, at: datetime, actor: Actor = SYSTEM) -> bool:
    """What the order is owed, and no more: less is a part of it, and what is beyond stays with the line."""
    if line.kind != IN:
        return _match_refund(line, at=at, actor=actor)
    order = named(line)
    if order is None or home.was_taken_back(line) or proposals.is_doubtful(line, order):
        return False
    cents = min(home.left_of(line), assigning.owed(order))
    if cents <= 0:
        return False
    try:
        assigning.assign(line_id=line.id, parts=[Part(order.id, cents)], actor=actor, at=at)
    except Refusal as refusal:
        log.info("accounting.line_not_matched", line=str(line.id), code=refusal.code)
        return False
    return True


def open_lines() -> QuerySet[StatementLine]:
    return StatementLine.objects.filter(book=Book.BANK, status=LineStatus.OPEN).select_related("payee")


def named(line: StatementLine) -> Order | None:
    """The one order that the words name; None where they name none, or several."""
    digits = communication.found_in(line.communication)
    found: list[Order] = list(assigning.orders_of(line).filter(communication__in=digits)[:2]) if digits else []
    return found[0] if len(found) == 1 else None


def refunds_like(line: StatementLine) -> list[Refund]:
    """Those that staff are to make by transfer, of exactly this amount."""
    due = Refund.objects.filter(status=RefundStatus.DUE, means=RefundMeans.TRANSFER, amount_cents=-line.cents)
    due = due.filter(payment__order__in=assigning.orders_of(line).order_by().values("pk"))
    return list(due.select_related("payment__order__guardian").order_by("requested_at")[:20])


def _match_refund(line: StatementLine, *, at: datetime, actor: Actor) -> bool:
    """Only where the transfer names the order: another of the same amount may be about to be made."""
    said = line.communication.upper()
    digits = communication.found_in(line.communication)
    found = [
        refund
        for refund in refunds_like(line)
        if refund.payment.order.reference in said or refund.payment.order.communication in digits
    ]
    if len(found) != 1 or proposals.is_doubtful(line):
        return False
    try:
        assigning.confirm_refund(line_id=line.id, refund_id=found[0].id, actor=actor, at=at)
    except Refusal as refusal:
        log.info("accounting.line_not_matched", line=str(line.id), code=refusal.code)
        return False
    return True
