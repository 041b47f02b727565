"""The account's books: one balance transaction for each movement of money."""

from deploy.sandbox.clock import DAY
from deploy.sandbox.errors import Json
from deploy.sandbox.ids import new_id
from deploy.sandbox.work import Work, job

_CATEGORIES = {
    "charge": "charge",
    "payment": "charge",
    "refund": "refund",
    "payment_refund": "refund",
    "refund_failure": "refund_failure",
    "payment_failure_refund": "charge_failure",
    "adjustment": "dispute",
    "application_fee": "platform_earning",
    "application_fee_refund": "platform_earning_refund",
    "payout": "payout",
    "payout_cancel": "payout_reversal",
    "payout_failure": "payout_reversal",
}
HELD_FOR = 2 * DAY


def record(
    work: Work,
    kind: str,
    *,
    source: str,
    amount: int,
    currency: str,
    fees: list[Json] | None = None,
    description: str | None = None,
    held_for: int = 0,
) -> Json:
    """Write a movement: what came in is positive, what went out negative. Return the transaction."""
    fee = sum(line["amount"] for line in fees or ())
    transaction = work.add(
        {
            "id": new_id("txn"),
            "object": "balance_transaction",
            "amount": amount,
            "available_on": work.now + held_for,
            "balance_type": "payments",
            "created": work.now,
            "currency": currency,
            "description": description,
            "exchange_rate": None,
            "fee": fee,
            "fee_details": fees or [],
            "net": amount - fee,
            "reporting_category": _CATEGORIES[kind],
            "source": source,
            "status": "pending" if held_for else "available",
            "type": kind,
        }
    )
    if held_for:
        work.later(held_for, "make_available", transaction["id"])
    return transaction


@job("make_available")
def make_available(work: Work, transaction_id: str) -> None:
    """Let the money of a transaction be paid out."""
    work.save(work.get("balance_transaction", transaction_id) | {"status": "available"})
