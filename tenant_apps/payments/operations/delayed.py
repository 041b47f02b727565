"""Payments that a bank answers days later: the place is kept meanwhile, and given time to be paid if it says no."""

from datetime import datetime, timedelta
from uuid import UUID

from kernel import clock
from kernel.transactions import operation
from shared_apps.outbox import operations as outbox
from tenant_apps.orders.models import Order
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.rules import read as read_rules
from tenant_apps.payments.models import Payment, Status
from tenant_apps.payments.states import move
from tenant_apps.registrations import operations as registrations


@operation
def begin(*, payment: Payment, intent_id: str, at: datetime) -> None:
    """The bank has it. The family is told once that it is under way; its places wait (payments.operations.sweep)."""
    if move(payment.id, Status.PROCESSING, intent_id=intent_id):
        outbox.tell(kind="payments.processing", payload={"payment": str(payment.id)}, at=at)


@operation
def bounce(*, payment: Payment, at: datetime) -> None:
    """The bank said no. Nothing is dropped: what waits for the money waits until the grace is over, and all are told.

    The caller has moved the payment, which is what makes this happen once.
    """
    until = _end_of_grace(at)
    waiting = Order.objects.filter(pk=payment.order_id, status=OrderStatus.OPEN)
    lines: list[UUID] = list(waiting.values_list("lines__registration_id", flat=True))
    registrations.give_time(registration_ids=lines, until=until)
    outbox.tell(
        kind="payments.bounced",
        payload={"payment": str(payment.id), "until": until.isoformat() if lines else ""},
        at=at,
    )


def _end_of_grace(at: datetime) -> datetime:
    profile = organisation.profile()
    days = read_rules(profile.rules).paying.grace_days
    return clock.end_of_day(clock.local_date(at, profile.zone) + timedelta(days=days), profile.zone)
