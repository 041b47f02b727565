"""The processor's own books of an account: every movement of its balance, with what caused it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from billing.gateway.client import speaking

if TYPE_CHECKING:
    import stripe

CHARGE, REFUND, REFUND_BACK = "charge", "refund", "refund_failure"
DISPUTE, PAYOUT, PAYOUT_BACK, FEE = "dispute", "payout", "payout_reversal", "fee"

_KINDS = {kind: kind for kind in (CHARGE, REFUND, REFUND_BACK, DISPUTE, PAYOUT, PAYOUT_BACK, FEE)}
# What the bank took comes back under another name, for the same dispute.
_KINDS["dispute_reversal"] = DISPUTE


@dataclass(frozen=True, slots=True)
class Cause:
    """What moved the money: a charge, a refund, a dispute or a payout, as it is in its own list.

    `cents` are always above zero; `refunded_cents` is what a charge says went back of it.
    """

    id: str
    cents: int
    currency: str
    status: str
    intent_id: str = ""
    charge_id: str = ""
    refunded_cents: int = 0
    is_automatic: bool = False
    names: Mapping[str, str] | None = None

    def name(self, of: str) -> str:
        return (self.names or {}).get(of, "")


@dataclass(frozen=True, slots=True)
class Movement:
    """One row of the balance: `cents` came in (below zero, went out), less the two fees is `net_cents`.

    `kind` is one of the constants above, or the processor's own word for what is none of them.
    """

    id: str
    kind: str
    cents: int
    net_cents: int
    fee_cents: int
    platform_fee_cents: int
    currency: str
    at: datetime
    cause: Cause | None

    @property
    def sum_cents(self) -> int:
        """What it should come to by its own words: its net."""
        return self.cents - self.fee_cents - self.platform_fee_cents


def movements(*, account: str, since: datetime | None = None) -> list[Movement]:
    """Oldest first, all of them or those since a moment. Raises ProcessorUnavailable or ProcessorRefused."""
    params: stripe.params.BalanceTransactionListParams = {"limit": 100, "expand": ["data.source"]}
    if since is not None:
        params["created"] = {"gte": int(since.timestamp())}
    with speaking() as stripe_client:
        pages = stripe_client.v1.balance_transactions.list(params, {"stripe_account": account})
        return [_movement(row) for row in pages.auto_paging_iter()][::-1]


def balance(account: str) -> dict[str, int]:
    """Cents by currency, those that cannot be paid out yet included."""
    with speaking() as stripe_client:
        found = stripe_client.v1.balance.retrieve({}, {"stripe_account": account})
    sums: Counter[str] = Counter()
    for part in found.available:
        sums[part.currency] += part.amount
    for waiting in found.pending:
        sums[waiting.currency] += waiting.amount
    return dict(sums)


def paid_out(*, account: str, payout_id: str) -> dict[str, int]:
    """The movements that a payout sent to the bank, by their id, with what each brought. Itself is not among them."""
    with speaking() as stripe_client:
        pages = stripe_client.v1.balance_transactions.list(
            {"limit": 100, "payout": payout_id}, {"stripe_account": account}
        )
        return {row.id: row.net for row in pages.auto_paging_iter() if row.source != payout_id}


def _movement(row: "stripe.BalanceTransaction") -> Movement:
    fees = row.fee_details or []
    platform = sum(fee.amount for fee in fees if fee.type == "application_fee")
    return Movement(
        id=row.id,
        kind=_KINDS.get(row.reporting_category, row.type),
        cents=row.amount,
        net_cents=row.net,
        fee_cents=row.fee - platform,
        platform_fee_cents=platform,
        currency=row.currency,
        at=datetime.fromtimestamp(row.created, UTC),
        cause=_cause(row.source),
    )


def _cause(source: Any) -> Cause | None:
    if source is None or isinstance(source, str):
        return None
    said = source.to_dict()
    is_charge = said.get("object") == "charge"
    return Cause(
        id=said["id"],
        cents=said.get("amount_captured" if is_charge else "amount") or 0,
        currency=said.get("currency") or "",
        status=said.get("status") or "",
        intent_id=_id(said.get("payment_intent")),
        charge_id=said["id"] if is_charge else _id(said.get("charge")),
        refunded_cents=said.get("amount_refunded") or 0,
        is_automatic=bool(said.get("automatic")),
        names=said.get("metadata") or {},
    )


def _id(named: Any) -> str:
    return named if isinstance(named, str) else str((named or {}).get("id", ""))
