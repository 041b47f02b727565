"""Money given back to what paid."""

from dataclasses import dataclass

from billing.gateway.client import speaking


@dataclass(frozen=True, slots=True)
class Refunded:
    """`status` is pending, succeeded or failed."""

    id: str
    status: str


_STATUS = {"succeeded": "succeeded", "failed": "failed", "canceled": "failed"}


def give_back(*, account: str, idempotency_key: str, intent_id: str, cents: int, metadata: dict[str, str]) -> Refunded:
    with speaking() as stripe_client:
        refund = stripe_client.v1.refunds.create(
            {"payment_intent": intent_id, "amount": cents, "metadata": metadata},
            {"stripe_account": account, "idempotency_key": idempotency_key},
        )
    return Refunded(id=refund.id, status=_STATUS.get(refund.status or "", "pending"))


def look_at(*, account: str, refund_id: str) -> Refunded:
    with speaking() as stripe_client:
        refund = stripe_client.v1.refunds.retrieve(refund_id, {}, {"stripe_account": account})
    return Refunded(id=refund.id, status=_STATUS.get(refund.status or "", "pending"))
