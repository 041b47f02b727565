"""The one road by which money is believed: ask the processor, then enter what it says, once.

The processor's event, the browser that comes back and the sweep all come through here, in any order and number.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import structlog
from django.db import transaction

from billing.gateway import checkout
from billing.gateway.client import ProcessorRefused, ProcessorUnavailable
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import SYSTEM
from shared_apps.outbox import operations as outbox
from tenant_apps.openings import operations as openings
from tenant_apps.orders import ledger
from tenant_apps.orders import operations as orders
from tenant_apps.orders import queries as order_queries
from tenant_apps.orders.models import Account, Order, OrderLine
from tenant_apps.orders.numbering import next_number
from tenant_apps.payments.errors import AmountMismatch, PaymentUnavailable
from tenant_apps.payments.models import Payment, Receipt, Status
from tenant_apps.payments.operations.refund import owe_refund
from tenant_apps.payments.states import move
from tenant_apps.registrations import operations as registrations
from tenant_apps.registrations.errors import OptionFull

log = structlog.get_logger(__name__)


class _SettledBefore(Exception):
    """By another page, whose money it keeps."""


def settle(*, payment_id: UUID, at: datetime) -> Payment:
    """Ask the processor what became of a payment and enter it. Safe to repeat. Raises PaymentUnavailable."""
    payment = Payment.objects.select_related("order__payee").get(pk=payment_id)
    if payment.session_id and payment.status != Status.SUCCEEDED:
        try:
            page = checkout.look_at(account=payment.order.payee.processor_account, page_id=payment.session_id)
        except (ProcessorUnavailable, ProcessorRefused) as error:
            raise PaymentUnavailable from error
        enter(payment=payment, page=page, at=at)
        payment.refresh_from_db()
    return payment


def enter(*, payment: Payment, page: checkout.Page, at: datetime) -> None:
    """Enter what the processor said of a payment's page."""
    if page.outcome == "paid":
        _check_amount(payment, page)
        _receive(payment=payment, page=page, at=at)
    elif page.outcome == "processing":
        move(payment.id, Status.PROCESSING, intent_id=page.intent_id)
    elif page.outcome == "failed":
        _let_go(payment=payment, to=Status.FAILED, at=at)
    elif page.outcome == "expired":
        _let_go(payment=payment, to=Status.CANCELLED, at=at)


@operation
def settle_free(*, order_id: UUID, at: datetime) -> None:
    """Confirm an order that costs nothing (S1-47)."""
    _conclude(Order.objects.get(pk=order_id), at)


@operation
def _receive(*, payment: Payment, page: checkout.Page, at: datetime) -> None:
    if not move(payment.id, Status.SUCCEEDED, ended_at=at, intent_id=page.intent_id, method=page.method):
        return
    order = payment.order
    ledger.enter(
        debit=Account.PROCESSOR,
        credit=Account.RECEIVABLE,
        cents=payment.amount_cents,
        order=order,
        source=f"payment:{payment.id}:received",
        at=at,
    )
    gone = _conclude(order, at, payment_id=payment.id)
    Receipt.objects.create(
        payment=payment,
        payee_id=order.payee_id,
        number=next_number(payee_id=order.payee_id, series="receipts"),
        issued_at=at,
    )
    if gone is None:
        # Somebody paid twice, on a page we had given up: all of it goes back.
        owe_refund(payment=payment, cents=payment.amount_cents, reason="paid_twice", at=at)
    elif gone:
        owe_refund(payment=payment, cents=sum(line.amount_cents for line in gone), reason="places_gone", at=at)


@operation
def _let_go(*, payment: Payment, to: Status, at: datetime) -> None:
    Payment.objects.filter(pk=payment.pk).update(is_page_closed=True)
    if move(payment.id, to, ended_at=at):
        audit.record(action=f"payments.{to}", subject="payment", subject_id=payment.id, actor=SYSTEM, at=at)


def _conclude(order: Order, at: datetime, payment_id: UUID | None = None) -> list[OrderLine] | None:
    """The lines that could not be had; None where it was settled before: what came free since is not won by it."""
    try:
        with transaction.atomic():
            sold, gone = _confirm_lines(order, at)
            if not _settle_order(order, sold, at, payment_id=payment_id):
                raise _SettledBefore
    except _SettledBefore:
        return None
    return gone


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


def _settle_order(order: Order, sold: Sequence[OrderLine], at: datetime, payment_id: UUID | None = None) -> bool:
    if not orders.settle(order=order, sold=sold, at=at):
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
    audit.record(action="orders.settled", subject="order", subject_id=order.id, actor=SYSTEM, at=at)
    return True


def _check_amount(payment: Payment, page: checkout.Page) -> None:
    if (page.amount_cents, page.currency) != (payment.amount_cents, payment.currency):
        log.error(
            "payments.amount_mismatch",
            payment=str(payment.id),
            asked=f"{payment.amount_cents} {payment.currency}",
            paid=f"{page.amount_cents} {page.currency}",
        )
        raise AmountMismatch
