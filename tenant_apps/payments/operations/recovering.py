"""Money that came for an order and of which the payment itself is lost: entered again, as the processor names it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from django.db.models import Q

from billing.gateway import books
from billing.gateway.books import Cause
from kernel import ids
from kernel.database import connection
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import SYSTEM
from tenant_apps.orders.models import Order
from tenant_apps.payments.attempts import next_attempt
from tenant_apps.payments.models import Payment, Status
from tenant_apps.payments.operations.settle import settle

log = structlog.get_logger(__name__)

RECOVERED = "payments.recovered"


@dataclass(frozen=True, slots=True)
class Recovered:
    order: str
    cents: int
    currency: str


def recover(*, account: str, since: datetime, at: datetime) -> list[Recovered]:
    """After a restore, and before anybody is asked to pay again. Money of an order that is lost too is left alone:
    the reconciliation gives it a home. Raises ProcessorUnavailable, ProcessorRefused and PaymentUnavailable.
    """
    found = []
    for movement in books.movements(account=account, since=since):
        cause = movement.cause
        if cause is None or movement.kind != books.CHARGE or cause.status != "succeeded":
            continue
        payment = _lost(cause, account=account, at=at)
        if payment is not None:
            settle(payment_id=payment.id, at=at)
            found.append(Recovered(payment.order.reference, payment.amount_cents, payment.currency))
    return found


@operation
def _lost(cause: Cause, *, account: str, at: datetime) -> Payment | None:
    payment_id = ids.read(cause.name("payment"))
    if payment_id is None or not cause.intent_id or cause.name("organisation") != connection.schema_name:
        return None
    if Payment.objects.filter(Q(pk=payment_id) | Q(intent_id=cause.intent_id)).exists():
        return None
    order = Order.objects.filter(reference=cause.name("order"), payee__processor_account=account).first()
    if order is None or order.currency != cause.currency:
        return None
    return _made_again(payment_id, order, cause, at)


def _made_again(payment_id: UUID, order: Order, cause: Cause, at: datetime) -> Payment:
    payment = Payment.objects.create(
        id=payment_id,
        order=order,
        attempt=next_attempt(order.id),
        amount_cents=cause.cents,
        currency=cause.currency,
        # Given up until the processor says what it said before: a page of that moment may still be open.
        status=Status.CANCELLED,
        intent_id=cause.intent_id,
        is_page_closed=True,
        started_at=at,
    )
    details = {"cents": cause.cents, "order": order.reference}
    audit.record(action=RECOVERED, subject="payment", subject_id=payment.id, actor=SYSTEM, at=at, details=details)
    return payment
