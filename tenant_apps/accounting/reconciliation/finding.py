"""What happened at the processor and nobody told us of: settled by the one road before it is called a difference."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import structlog

from billing.gateway.books import Cause
from billing.gateway.client import ProcessorRefused, ProcessorUnavailable
from tenant_apps.payments.errors import AmountMismatch, PaymentUnavailable
from tenant_apps.payments.models import Payment, Refund, RefundStatus, Status
from tenant_apps.payments.operations import disputes
from tenant_apps.payments.operations.refund import refresh_refund
from tenant_apps.payments.operations.settle import settle

log = structlog.get_logger(__name__)

_AWAY = (ProcessorUnavailable, ProcessorRefused, PaymentUnavailable, AmountMismatch)


def payment(found: Payment, cause: Cause, *, at: datetime) -> None:
    """A payment that was made: entered as if the processor's event had come."""
    if found.status == Status.SUCCEEDED or cause.status != "succeeded":
        return
    if not found.session_id and not found.intent_id:
        # The answer to what opened it was lost: the money itself says which intent it was.
        Payment.objects.filter(pk=found.pk, session_id=None, intent_id="").update(intent_id=cause.intent_id)
    _try("payment", found.id, lambda: settle(payment_id=found.id, at=at))
    found.refresh_from_db()


def refund(found: Refund, cause: Cause, *, at: datetime) -> None:
    """A refund that went through, or failed, since we last asked."""
    said = {"succeeded": RefundStatus.SUCCEEDED, "failed": RefundStatus.FAILED, "canceled": RefundStatus.FAILED}
    if found.status == said.get(cause.status, RefundStatus.PENDING):
        return
    Refund.objects.filter(pk=found.pk, processor_id="").update(processor_id=cause.id)
    _try("refund", found.id, lambda: refresh_refund(processor_id=cause.id, at=at))
    found.refresh_from_db()


def dispute(found: Payment, cause: Cause, *, at: datetime) -> None:
    """What the payer's bank took or gave back since we last asked."""
    _try("dispute", found.id, lambda: disputes.refresh(dispute_id=cause.id, intent_id=cause.intent_id, at=at))
    found.refresh_from_db()


def _try(what: str, key: UUID, ask: Callable[[], object]) -> None:
    try:
        ask()
    except _AWAY as error:
        log.warning("accounting.not_settled", what=what, key=str(key), reason=error)
