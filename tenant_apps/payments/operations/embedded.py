"""The processor's page inside a page of ours: which payment waits on it, and what its script is told to show it."""

from datetime import datetime
from uuid import UUID

from billing.gateway import checkout
from billing.gateway.client import ProcessorRefused, ProcessorUnavailable
from tenant_apps.payments.errors import PaymentUnavailable
from tenant_apps.payments.models import Means, Payment
from tenant_apps.payments.operations.settle import enter
from tenant_apps.payments.states import LIVE


def waiting_on(*, page: str, order_id: UUID) -> Payment | None:
    """The payment of this order that may still be made on this page of ours."""
    live = Payment.objects.filter(order_id=order_id, status__in=LIVE, means=Means.ONLINE, page_url=page)
    return live.select_related("order__payee").exclude(session_id=None).first()


def secret_of(payment: Payment, *, at: datetime) -> str:
    """Read back from the processor, never kept here. Nothing of a page that is closed: what became of it is entered.

    Raises PaymentUnavailable.
    """
    account = payment.order.payee.processor_account
    try:
        page = checkout.look_at(account=account, page_id=payment.session_id or "")
    except (ProcessorUnavailable, ProcessorRefused) as error:
        raise PaymentUnavailable from error
    if page.outcome == "open":
        return page.secret
    enter(payment=payment, answer=page, at=at)
    return ""
