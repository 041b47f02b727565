"""The one road by which money is believed: ask the processor, then enter what it says, once.

The processor's event, the browser that comes back and the sweep all come through here, in any order and number.
"""

from datetime import datetime
from uuid import UUID

import structlog

from billing.gateway import checkout, intents
from billing.gateway.answer import Answer
from billing.gateway.client import ProcessorRefused, ProcessorUnavailable
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import SYSTEM
from tenant_apps.orders import operations as orders
from tenant_apps.orders.models import Order
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.payments.errors import AmountMismatch, OrderGone, PaymentUnavailable
from tenant_apps.payments.models import Payment, Status
from tenant_apps.payments.operations import delayed, retrying
from tenant_apps.payments.operations.receive import conclude, receive
from tenant_apps.payments.states import move

log = structlog.get_logger(__name__)


def settle(*, payment_id: UUID, at: datetime) -> Payment:
    """Ask the processor what became of a payment and enter it. Safe to repeat. Raises PaymentUnavailable."""
    payment = Payment.objects.select_related("order__payee").get(pk=payment_id)
    if payment.status != Status.SUCCEEDED and (answer := _ask(payment)):
        enter(payment=payment, answer=answer, at=at)
        payment.refresh_from_db()
    return payment


def enter(*, payment: Payment, answer: Answer, at: datetime) -> None:
    """Enter what the processor said of a payment."""
    if answer.outcome == "paid":
        _check_amount(payment, answer)
        _take(payment, answer, at)
    elif answer.outcome == "processing":
        delayed.begin(payment=payment, intent_id=answer.intent_id, at=at)
    elif answer.outcome == "failed":
        _let_go(payment=payment, to=Status.FAILED, answer=answer, at=at)
    elif answer.outcome == "expired":
        _let_go(payment=payment, to=Status.CANCELLED, answer=answer, at=at)


def _ask(payment: Payment) -> Answer | None:
    """None where nothing was asked of the processor yet."""
    account = payment.order.payee.processor_account
    try:
        if payment.session_id:
            return checkout.look_at(account=account, page_id=payment.session_id)
        if payment.intent_id:
            return intents.look_at(account=account, intent_id=payment.intent_id)
    except (ProcessorUnavailable, ProcessorRefused) as error:
        raise PaymentUnavailable from error
    return None


@operation
def _take(payment: Payment, answer: Answer, at: datetime) -> None:
    if answer.card:
        orders.keep_first_card(order_id=payment.order_id, card=answer.card)
    receive(payment=payment, at=at, intent_id=answer.intent_id, method=answer.method)


@operation
def settle_free(*, order_id: UUID, at: datetime) -> None:
    """Confirm an order of which nothing is to be paid now: it costs nothing (S1-47), or is paid later or by credit.

    Raises OrderGone where it was let go at this moment.
    """
    order = Order.objects.get(pk=order_id)
    conclude(order=order, at=at)
    order.refresh_from_db()
    if order.status == OrderStatus.CANCELLED:
        raise OrderGone


@operation
def _let_go(*, payment: Payment, to: Status, answer: Answer, at: datetime) -> None:
    Payment.objects.filter(pk=payment.pk).update(is_page_closed=True)
    if not move(payment.id, to, ended_at=at, intent_id=answer.intent_id or payment.intent_id):
        return
    audit.record(action=f"payments.{to}", subject="payment", subject_id=payment.id, actor=SYSTEM, at=at)
    if to == Status.FAILED and payment.session_id:
        # An open page takes another card: one that failed is of a bank that said no days later.
        delayed.bounce(payment=payment, at=at)
    retrying.refuse(payment=payment, failure=answer.failure or str(to), at=at)


def _check_amount(payment: Payment, answer: Answer) -> None:
    if (answer.amount_cents, answer.currency) != (payment.amount_cents, payment.currency):
        log.error(
            "payments.amount_mismatch",
            payment=str(payment.id),
            asked=f"{payment.amount_cents} {payment.currency}",
            paid=f"{answer.amount_cents} {answer.currency}",
        )
        raise AmountMismatch
