"""What the processor's events mean here: where to look again. What they say is not believed."""

from typing import Any

from kernel import clock
from tenant_apps.payments.models import Payment
from tenant_apps.payments.operations import refund, settle


def page_changed(session: dict[str, Any]) -> None:
    payment = Payment.objects.filter(session_id=session["id"]).first() or _not_yet_known(session)
    if payment is not None:
        settle.settle(payment_id=payment.id, at=clock.now())


def _not_yet_known(session: dict[str, Any]) -> Payment | None:
    """The event may come before the answer to the request that opened the page: the page names its payment."""
    payment_id = str((session.get("metadata") or {}).get("payment", ""))
    if not payment_id:
        return None
    claimed = Payment.objects.filter(pk=payment_id, session_id=None).update(session_id=session["id"])
    return Payment.objects.get(pk=payment_id) if claimed else None


def refund_changed(processor_refund: dict[str, Any]) -> None:
    refund.refresh_refund(processor_id=processor_refund["id"], at=clock.now())


HANDLERS = {
    "checkout.session.completed": page_changed,
    "checkout.session.async_payment_succeeded": page_changed,
    "checkout.session.async_payment_failed": page_changed,
    "checkout.session.expired": page_changed,
    "refund.updated": refund_changed,
    "refund.failed": refund_changed,
}
