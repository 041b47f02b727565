"""What must happen even if no event and no browser ever comes: payments asked after, lapsed holds let go."""

from datetime import datetime, timedelta

import structlog

from tenant_apps.orders.models import Order
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.payments.errors import AmountMismatch, PaymentUnavailable
from tenant_apps.payments.models import Means, Payment, Status
from tenant_apps.payments.operations.cancel import close, let_go, live_of
from tenant_apps.payments.operations.settle import settle
from tenant_apps.registrations import operations as registrations
from tenant_apps.registrations.models import Registration
from tenant_apps.registrations.models import Status as RegistrationStatus

log = structlog.get_logger(__name__)

# A payer is usually done by then; asking sooner would only ask what the browser is about to tell.
PATIENCE = timedelta(minutes=2)


def sweep(*, at: datetime) -> None:
    registrations.sweep(at=at)
    _ask_after_payments(at)
    _let_lapsed_orders_go(at)


def _ask_after_payments(at: datetime) -> None:
    unknown = Payment.objects.filter(means=Means.ONLINE, is_page_closed=False, started_at__lte=at - PATIENCE)
    for payment in unknown.exclude(session_id=None, intent_id="").exclude(status=Status.SUCCEEDED):
        try:
            settle(payment_id=payment.id, at=at)
        except (PaymentUnavailable, AmountMismatch) as error:
            log.warning("payments.not_settled", payment=str(payment.id), reason=repr(error))


def _let_lapsed_orders_go(at: datetime) -> None:
    lapsed = Registration.objects.filter(status=RegistrationStatus.AWAITING_PAYMENT, held_until__lte=at)
    open_orders = Order.objects.filter(status=OrderStatus.OPEN, lines__registration__in=lapsed).distinct()
    for order in open_orders:
        try:
            outcomes = [close(payment, at=at).status for payment in live_of([order])]
        except (PaymentUnavailable, AmountMismatch) as error:
            # The place waits: it may just have been paid.
            log.warning("payments.not_closed", order=str(order.id), reason=repr(error))
            continue
        if all(outcome in (Status.CANCELLED, Status.FAILED) for outcome in outcomes):
            _let_go(order, at)


def _let_go(order: Order, at: datetime) -> None:
    unpaid = list(order.lines.values_list("registration_id", flat=True))
    let_go([order], at=at)
    registrations.release_unpaid(registration_ids=unpaid, at=at)
    registrations.close_if_done(basket_id=order.basket_id, at=at)
