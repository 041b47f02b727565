"""What the processor's events mean here: where to look again. What they say is not believed."""

from typing import Any
from uuid import UUID

from kernel import clock, ids
from tenant_apps.payments.errors import PaymentUnavailable
from tenant_apps.payments.models import Payment
from tenant_apps.payments.operations import cards, disputes, refund, settle, together


def page_changed(session: dict[str, Any]) -> None:
    if session.get("mode") == "setup":
        metadata = session.get("metadata") or {}
        order_id = str(metadata.get("card_of", ""))
        if together.is_of(metadata):
            _pay_together(session["id"])
        elif order_id:
            cards.finish_change_of(order_id=order_id, session_id=session["id"], at=clock.now())
        return
    payment = Payment.objects.filter(session_id=session["id"]).first() or _not_yet_known(session)
    if payment is not None:
        settle.settle(payment_id=payment.id, at=clock.now())


def _pay_together(page_id: str) -> None:
    """Whoever gave a card for several payees and left has agreed to all the same. Raises PaymentUnavailable."""
    outcomes = together.finish(page_id=page_id, at=clock.now())
    if any(outcome.is_unknown for outcome in outcomes):
        # Told again, until the processor has said what it did.
        raise PaymentUnavailable


def _not_yet_known(session: dict[str, Any]) -> Payment | None:
    """The event may come before the answer to the request that opened the page: the page names its payment."""
    payment_id = _payment_of(session)
    if payment_id is None:
        return None
    claimed = Payment.objects.filter(pk=payment_id, session_id=None).update(session_id=session["id"])
    return Payment.objects.get(pk=payment_id) if claimed else None


def _payment_of(thing: dict[str, Any]) -> UUID | None:
    """An organisation may write what it likes on what it makes itself on its account."""
    return ids.read((thing.get("metadata") or {}).get("payment"))


def intent_changed(intent: dict[str, Any]) -> None:
    """Of a card that is kept: what was paid on a page is told by the page."""
    payment_id = _payment_of(intent)
    if payment_id is None:
        return
    mine = Payment.objects.filter(pk=payment_id, session_id=None)
    # The answer to the request may never have come.
    mine.filter(intent_id="").update(intent_id=intent["id"])
    if mine.filter(intent_id=intent["id"]).exists():
        settle.settle(payment_id=payment_id, at=clock.now())


def refund_changed(processor_refund: dict[str, Any]) -> None:
    refund.refresh_refund(processor_id=processor_refund["id"], at=clock.now())


def dispute_changed(dispute: dict[str, Any]) -> None:
    disputes.refresh(dispute_id=dispute["id"], intent_id=dispute.get("payment_intent") or "", at=clock.now())


HANDLERS = {
    "checkout.session.completed": page_changed,
    "checkout.session.async_payment_succeeded": page_changed,
    "checkout.session.async_payment_failed": page_changed,
    "checkout.session.expired": page_changed,
    "payment_intent.succeeded": intent_changed,
    "payment_intent.payment_failed": intent_changed,
    "payment_intent.canceled": intent_changed,
    "refund.updated": refund_changed,
    "refund.failed": refund_changed,
    "charge.dispute.created": dispute_changed,
    "charge.dispute.updated": dispute_changed,
    "charge.dispute.closed": dispute_changed,
    "charge.dispute.funds_withdrawn": dispute_changed,
    "charge.dispute.funds_reinstated": dispute_changed,
}
