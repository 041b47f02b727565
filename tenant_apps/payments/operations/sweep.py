"""What must happen even if no event and no browser ever comes: payments asked after, lapsed holds let go."""

from datetime import datetime, timedelta

import structlog
from django.db.models import Q, QuerySet

from billing.gateway.client import ProcessorRefused, ProcessorUnavailable
from billing.gateway.intents import find
from tenant_apps.orders.models import Order
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.payments.errors import AlreadyPaid, AmountMismatch, PaymentUnavailable
from tenant_apps.payments.models import Instalment, InstalmentStatus, Means, Payment, Status
from tenant_apps.payments.operations.cancel import close, let_go, live_of
from tenant_apps.payments.operations.settle import enter, settle
from tenant_apps.payments.states import move
from tenant_apps.registrations import operations as registrations
from tenant_apps.registrations.models import Registration
from tenant_apps.registrations.models import Status as RegistrationStatus

log = structlog.get_logger(__name__)

# A payer is usually done by then; asking sooner would only ask what the browser is about to tell.
PATIENCE = timedelta(minutes=2)
# Longer than any request waits for its answer: what has neither page nor intent by then was left by who died.
LOST = timedelta(minutes=10)


def sweep(*, at: datetime) -> None:
    registrations.sweep(at=at)
    _look_for_lost_payments(at)
    unknown = Payment.objects.filter(means=Means.ONLINE, is_page_closed=False, started_at__lte=at - PATIENCE)
    unknown = unknown.exclude(session_id=None, intent_id="")
    _ask_after(unknown.exclude(status__in=(Status.SUCCEEDED, Status.PROCESSING)), at)
    _let_lapsed_orders_go(at)


def ask_the_banks(*, at: datetime) -> None:
    """After what takes days, and is told of when it is done: now and then will do."""
    _ask_after(Payment.objects.filter(means=Means.ONLINE, status=Status.PROCESSING), at)


def _ask_after(payments: QuerySet[Payment], at: datetime) -> None:
    for payment_id in payments.values_list("id", flat=True):
        try:
            settle(payment_id=payment_id, at=at)
        except (PaymentUnavailable, AmountMismatch) as error:
            log.warning("payments.not_settled", payment=str(payment_id), reason=error)


def _look_for_lost_payments(at: datetime) -> None:
    """Begun by who died before the processor's answer was kept: nobody could go on with it, and it would block others.

    A card that is kept is asked again by who charges it (payments.operations.charging).
    """
    charging = Instalment.objects.filter(status=InstalmentStatus.CHARGING, payment__status=Status.STARTED)
    lost = Payment.objects.filter(means=Means.ONLINE, status=Status.STARTED, session_id=None, intent_id="")
    lost = lost.filter(started_at__lte=at - LOST).exclude(pk__in=charging.values("payment"))
    for payment in lost.select_related("order__payee"):
        try:
            found = find(account=payment.order.payee.processor_account, payment=str(payment.id))
            if found is not None:
                enter(payment=payment, answer=found, at=at)
            else:
                # A page that was made all the same is harmless: nobody was sent to it.
                move(payment.id, Status.CANCELLED, Q(session_id=None, intent_id=""), ended_at=at, is_page_closed=True)
        except (ProcessorUnavailable, ProcessorRefused, AmountMismatch) as error:
            log.warning("payments.not_found", payment=str(payment.id), reason=error)


def _let_lapsed_orders_go(at: datetime) -> None:
    lapsed = Registration.objects.filter(status=RegistrationStatus.AWAITING_PAYMENT, held_until__lte=at)
    waiting = Order.objects.filter(lines__registration__status=RegistrationStatus.AWAITING_PAYMENT)
    # Also of which nothing waits any more: another order of the same basket was paid after all.
    is_over = Q(lines__registration__in=lapsed) | ~Q(pk__in=waiting.values("pk"))
    open_orders = Order.objects.filter(is_over, status=OrderStatus.OPEN).distinct()
    # A bank that has yet to answer keeps the place, however long it takes.
    open_orders = open_orders.exclude(payments__in=Payment.objects.filter(status=Status.PROCESSING))
    for order in open_orders:
        try:
            outcomes = [close(payment, at=at).status for payment in live_of([order])]
            if all(outcome in (Status.CANCELLED, Status.FAILED) for outcome in outcomes):
                _let_go(order, at)
        except (PaymentUnavailable, AmountMismatch, AlreadyPaid) as error:
            # The place waits: it may just have been paid.
            log.warning("payments.not_closed", order=str(order.id), reason=error)


def _let_go(order: Order, at: datetime) -> None:
    unpaid = list(order.lines.values_list("registration_id", flat=True))
    let_go([order], at=at)
    registrations.release_unpaid(registration_ids=unpaid, at=at)
    registrations.close_if_done(basket_id=order.basket_id, at=at)
