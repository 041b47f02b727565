"""The sandbox's own account of an account's money, to compare a ledger with."""

from collections import defaultdict

from deploy.sandbox.errors import Json
from deploy.sandbox.work import Work

_COLUMNS = {
    "charge": "charged",
    "payment": "charged",
    "payment_failure_refund": "charged",
    "refund": "refunded",
    "payment_refund": "refunded",
    "refund_failure": "refunded",
    "adjustment": "disputed",
    "application_fee": "application_fees_earned",
    "application_fee_refund": "application_fees_earned",
    "payout": "paid_out",
    "payout_cancel": "paid_out",
    "payout_failure": "paid_out",
}
_EMPTY = dict.fromkeys(dict.fromkeys(_COLUMNS.values()), 0) | {
    "processing_fees": 0,
    "application_fees": 0,
    "net": 0,
}


def of_account(work: Work) -> Json:
    """Return totals by currency, and every charge with what was taken, given back and kept of it."""
    totals: dict[str, dict[str, int]] = defaultdict(lambda: dict(_EMPTY))
    for transaction in work.where("balance_transaction"):
        sums = totals[transaction["currency"]]
        sums[_COLUMNS[transaction["type"]]] += transaction["amount"]
        sums["net"] += transaction["net"]
        for line in transaction["fee_details"]:
            platform = line["type"] == "application_fee"
            sums["application_fees" if platform else "processing_fees"] += line["amount"]
    return {
        "account": work.account,
        "totals": dict(totals),
        "charges": [_charge(work, charge) for charge in work.where("charge")],
        "refunds": [_refund(refund) for refund in work.where("refund")],
    }


def _charge(work: Work, charge: Json) -> Json:
    transaction = work.find("balance_transaction", charge["balance_transaction"] or "")
    names = ("id", "payment_intent", "status", "currency", "amount", "amount_captured")
    return {name: charge[name] for name in (*names, "amount_refunded", "disputed", "metadata")} | {
        "fee": transaction["fee"] if transaction else 0,
        "net": transaction["net"] if transaction else 0,
    }


def _refund(refund: Json) -> Json:
    names = ("id", "charge", "payment_intent", "status", "currency", "amount", "metadata")
    return {name: refund[name] for name in names}
