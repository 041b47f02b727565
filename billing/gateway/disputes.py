"""What a payer's bank contests, and what it took or gave back for it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from billing.gateway.client import speaking

if TYPE_CHECKING:
    import stripe


@dataclass(frozen=True, slots=True)
class Dispute:
    """`status` is the processor's own: needs_response, under_review, won, lost, or warning_… for a mere question.

    `taken_cents` left the payee's balance and `returned_cents` came back to it, fees apart. `due_at`: the last moment
    to answer the bank.
    """

    id: str
    status: str
    cents: int
    intent_id: str
    taken_cents: int
    returned_cents: int
    due_at: datetime | None


def look_at(*, account: str, dispute_id: str) -> Dispute:
    with speaking() as stripe_client:
        return _dispute(stripe_client.v1.disputes.retrieve(dispute_id, {}, {"stripe_account": account}))


def _dispute(dispute: "stripe.Dispute") -> Dispute:
    amounts = [each.amount for each in dispute.balance_transactions]
    due_by = dispute.evidence_details.due_by
    intent = dispute.payment_intent
    return Dispute(
        id=dispute.id,
        status=dispute.status,
        cents=dispute.amount,
        intent_id=intent if isinstance(intent, str) else (intent.id if intent else ""),
        taken_cents=-sum(each for each in amounts if each < 0),
        returned_cents=sum(each for each in amounts if each > 0),
        due_at=datetime.fromtimestamp(due_by, UTC) if due_by else None,
    )
