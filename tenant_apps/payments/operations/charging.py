"""Takes what is due from the cards that families left for it: each part once at most, and none forgotten (S2-16).

A part is claimed before the processor is asked, with the payment whose name is the key of the request. What had no
answer stays claimed: the processor is asked what it did before anything is asked of it again.
"""

from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import IntegrityError
from django.db.models import F, Q

from billing import standing
from billing.gateway import intents
from billing.gateway.answer import Answer
from billing.gateway.client import ProcessorRefused, ProcessorUnavailable
from kernel import clock
from kernel.database import connection, lock_one
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import SYSTEM, Actor
from tenant_apps.orders.models import Order
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.models import Payee
from tenant_apps.payments import fees
from tenant_apps.payments.attempts import next_attempt
from tenant_apps.payments.errors import AmountMismatch, ChargeUnderWay, NothingToCharge, PaymentUnavailable
from tenant_apps.payments.models import Instalment, InstalmentStatus, Means, Payment, Status
from tenant_apps.payments.operations import askable, instalments, retrying
from tenant_apps.payments.operations.askable import CONTESTED, WAITING
from tenant_apps.payments.operations.settle import enter
from tenant_apps.payments.states import move, move_instalment

log = structlog.get_logger(__name__)

# Who asked may still be waiting for the answer.
PATIENCE = timedelta(minutes=5)
# The processor forgets a key after a day; within it, the same request gets the same answer.
KEY_LASTS = timedelta(hours=23)
# Refusals before any bank was asked that another card would end: the processor no longer keeps this one.
OF_THE_CARD = frozenset({"payment_method_unexpected_state", "payment_method_not_available", "resource_missing"})


def charge_due(*, at: datetime) -> None:
    """Ask for every part that is due, and after those that had no answer. As often as one likes, and late."""
    _ask_after_the_unanswered(at)
    today = clock.local_date(at, organisation.profile().zone)
    may = Q(status=InstalmentStatus.DUE, due_on__lte=today) | Q(status=InstalmentStatus.FAILED, try_at__lte=at)
    may &= ~CONTESTED
    due = Instalment.objects.filter(may, is_automatic=True, left_cents__gt=0, order__status=OrderStatus.SETTLED)
    # What a payee's account may not take at present is due as before, and asked for once it may.
    due = due.exclude(order__payee__processor_account__in=_stopped())
    for instalment_id in due.order_by("due_on", "id").values_list("id", flat=True):
        try:
            _charge(instalment_id, may, SYSTEM, at)
        except AmountMismatch:
            continue
        except PaymentUnavailable as error:
            if isinstance(error.__cause__, ProcessorUnavailable):
                # Each of the others would wait as long for nothing.
                return


def _stopped() -> frozenset[str]:
    accounts = Payee.objects.exclude(processor_account="").values_list("processor_account", flat=True)
    return standing.stopped(list(accounts))


def charge_now(*, instalment_id: UUID, actor: Actor, at: datetime) -> Instalment:
    """Ask for a part at once, at somebody's wish. What came of it is in the instalment that is returned.

    Raises NothingToCharge, ChargeUnderWay, or PaymentUnavailable where nothing is known yet.
    """
    if not askable.parts().filter(pk=instalment_id).exists():
        raise NothingToCharge
    if not _charge(instalment_id, WAITING, actor, at):
        is_done = Instalment.objects.filter(pk=instalment_id, left_cents=0).exists()
        raise NothingToCharge if is_done else ChargeUnderWay
    return Instalment.objects.select_related("order__payee").get(pk=instalment_id)


def _charge(instalment_id: UUID, may: Q, actor: Actor, at: datetime) -> bool:
    """False where somebody else asks for it, or pays the order on a page at this moment. Raises PaymentUnavailable."""
    try:
        payment = _claim(instalment_id=instalment_id, may=may, actor=actor, at=at)
    except IntegrityError:
        # One payment of an order at a time: this part comes round again.
        return False
    if payment is None:
        return False
    _ask(payment, at)
    return True


@operation
def _claim(*, instalment_id: UUID, may: Q, actor: Actor, at: datetime) -> Payment | None:
    """The payment of a part that is now ours to ask for. None where nothing of it is owed any more, or no card is kept.

    The order's row is locked: what is withdrawn or paid otherwise at this moment is counted before, or after.
    """
    order_id = Instalment.objects.values_list("order_id", flat=True).get(pk=instalment_id)
    order = lock_one(Order.objects.filter(pk=order_id).select_related("payee"))
    instalments.fit(order_id=order.id, at=at, last_first=True)
    instalment = Instalment.objects.filter(may, pk=instalment_id, left_cents__gt=0).first()
    if instalment is None:
        return None
    if not order.card:
        instalment.attempts += 1
        retrying.fail(instalment, failure=retrying.NO_CARD, at=at)
        return None
    claimed = move_instalment(
        instalment.id, InstalmentStatus.CHARGING, may, attempts=F("attempts") + 1, try_at=None, grace_until=None
    )
    if not claimed:
        return None
    payment = Payment.objects.create(
        order=order,
        attempt=next_attempt(order.id),
        means=Means.ONLINE,
        amount_cents=instalment.left_cents,
        currency=order.currency,
        method=order.card["label"],
        started_at=at,
    )
    Instalment.objects.filter(pk=instalment.pk).update(payment=payment)
    audit.record(
        action="payments.charging",
        subject="payment",
        subject_id=payment.id,
        actor=actor,
        at=at,
        details={"instalment": str(instalment.id), "cents": payment.amount_cents},
    )
    return payment


def _ask(payment: Payment, at: datetime) -> None:
    order = payment.order
    try:
        answer = intents.charge(
            account=order.payee.processor_account,
            # The payment's own name: however often this is sent, it is one charge.
            idempotency_key=f"{connection.schema_name}:payment:{payment.id}",
            customer=order.card["customer"],
            method=order.card["method"],
            cents=payment.amount_cents,
            currency=payment.currency,
            is_off_session=True,
            fee_cents=fees.of_payment(account=order.payee.processor_account, cents=payment.amount_cents),
            metadata={
                "organisation": connection.schema_name,
                "payment": str(payment.id),
                "order": order.reference,
            },
        )
    except ProcessorUnavailable as error:
        raise PaymentUnavailable from error
    except ProcessorRefused as error:
        if error.code not in OF_THE_CARD:
            # Ours to put right, or the payee's: the family has done nothing wrong, and the part is due as before.
            log.exception("payments.charge_refused", payment=str(payment.id), code=error.code)
            _give_up(payment=payment, at=at)
            raise PaymentUnavailable from error
        answer = Answer("failed", payment.amount_cents, payment.currency, "", failure=error.code)
    enter(payment=payment, answer=answer, at=at)


def _ask_after_the_unanswered(at: datetime) -> None:
    """What was asked for by who died before the answer, or got none."""
    unanswered = Payment.objects.filter(
        pk__in=Instalment.objects.filter(status=InstalmentStatus.CHARGING).values("payment"),
        status=Status.STARTED,
        intent_id="",
        started_at__lte=at - PATIENCE,
    )
    for payment in unanswered.select_related("order__payee"):
        try:
            _find_out(payment, at)
        except (PaymentUnavailable, AmountMismatch) as error:
            log.warning("payments.charge_unanswered", payment=str(payment.id), reason=error)


def _find_out(payment: Payment, at: datetime) -> None:
    try:
        found = intents.find(account=payment.order.payee.processor_account, payment=str(payment.id))
    except (ProcessorUnavailable, ProcessorRefused) as error:
        raise PaymentUnavailable from error
    if found is not None:
        enter(payment=payment, answer=found, at=at)
    elif at - payment.started_at < KEY_LASTS:
        _ask(payment, at)
    else:
        _give_up(payment=payment, at=at)


@operation
def _give_up(*, payment: Payment, at: datetime) -> None:
    """The processor knows nothing of it, and its key is forgotten: the part is due again, by another payment."""
    if move(payment.id, Status.CANCELLED, where=Q(intent_id=""), ended_at=at, is_page_closed=True):
        mine = Instalment.objects.get(payment=payment)
        move_instalment(mine.id, InstalmentStatus.DUE, Q(payment=payment), attempts=mine.attempts - 1)
