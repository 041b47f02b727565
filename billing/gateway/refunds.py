"""Money given back to what paid, and with it, in proportion, what the platform kept of it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from billing.gateway.client import speaking

if TYPE_CHECKING:
    import stripe


@dataclass(frozen=True, slots=True)
class Refunded:
    """`status` is pending, succeeded or failed."""

    id: str
    status: str


_STATUS = {"succeeded": "succeeded", "failed": "failed", "canceled": "failed"}


def give_back(*, account: str, idempotency_key: str, intent_id: str, cents: int, metadata: dict[str, str]) -> Refunded:
    """The same key gives back once. Raises ProcessorUnavailable and ProcessorRefused."""
    with speaking() as stripe_client:
        intent = stripe_client.v1.payment_intents.retrieve(intent_id, {}, {"stripe_account": account})
        params: stripe.params.RefundCreateParams = {
            "payment_intent": intent_id,
            "amount": cents,
            "metadata": metadata,
        }
        if intent.application_fee_amount:
            params["refund_application_fee"] = True
        refund = stripe_client.v1.refunds.create(
            params, {"stripe_account": account, "idempotency_key": idempotency_key}
        )
    return _refunded(refund)


def find(*, account: str, intent_id: str, refund: str) -> Refunded | None:
    """The refund of a payment that carries `refund` in its metadata: what a try without an answer may have made."""
    with speaking() as stripe_client:
        made = stripe_client.v1.refunds.list({"payment_intent": intent_id, "limit": 100}, {"stripe_account": account})
    return next((_refunded(each) for each in made.data if _name(each) == refund), None)


def look_at(*, account: str, refund_id: str) -> Refunded:
    with speaking() as stripe_client:
        refund = stripe_client.v1.refunds.retrieve(refund_id, {}, {"stripe_account": account})
    return _refunded(refund)


def _refunded(refund: "stripe.Refund") -> Refunded:
    return Refunded(id=refund.id, status=_STATUS.get(refund.status or "", "pending"))


def _name(refund: "stripe.Refund") -> str:
    return str(refund.metadata.to_dict().get("refund", "")) if refund.metadata else ""
