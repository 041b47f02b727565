"""Payouts: the available money leaves for the bank, and arrives days later."""

from deploy.sandbox.clock import DAY
from deploy.sandbox.errors import Json, invalid
from deploy.sandbox.ids import new_id
from deploy.sandbox.payments import ledger
from deploy.sandbox.work import Work, job

_ARRIVES_IN = 2 * DAY


def available(work: Work, currency: str) -> int:
    """Return what may be paid out."""
    found = work.where("balance_transaction", currency=currency, status="available")
    return sum(int(transaction["net"]) for transaction in found)


def new(work: Work, params: Json, *, automatic: bool = False) -> Json:
    """Send money to the bank. Raises ApiError when there is not that much."""
    amount, currency = params["amount"], params["currency"]
    if amount < 1:
        raise invalid("This value must be greater than or equal to 1.", param="amount")
    if amount > available(work, currency):
        message = "You have insufficient funds in your Stripe account for this transfer. Your card balance is too low."
        raise invalid(message, code="balance_insufficient")
    identifier = new_id("po")
    covered = [
        transaction["id"]
        for transaction in work.where("balance_transaction", currency=currency, status="available")
        if automatic and not work.hidden(transaction["id"]).get("payout")
    ]
    for transaction_id in covered:
        work.hide(transaction_id, payout=identifier)
    transaction = ledger.record(
        work,
        "payout",
        source=identifier,
        amount=-amount,
        currency=currency,
        description=params.get("description") or "STRIPE PAYOUT",
    )
    work.hide(transaction["id"], payout=identifier)
    body = _body(work, params, identifier, transaction["id"], automatic)
    work.add(body, {"transactions": [*covered, transaction["id"]]})
    work.emit("payout.created", body)
    work.later(_ARRIVES_IN, "arrive_payout", identifier)
    return body


def all_available(work: Work) -> list[Json]:
    """Send off everything that may be, as the daily schedule does: one payout for each currency."""
    currencies = {transaction["currency"] for transaction in work.where("balance_transaction")}
    sums = {currency: available(work, currency) for currency in sorted(currencies)}
    return [
        new(work, {"amount": amount, "currency": currency}, automatic=True)
        for currency, amount in sums.items()
        if amount > 0
    ]


def cancel(work: Work, payout: Json) -> Json:
    """Take a payout back before it has left."""
    if payout["status"] != "pending":
        raise invalid(f"Payouts can only be canceled while pending: this one is {payout['status']}.")
    transaction = ledger.record(
        work,
        "payout_cancel",
        source=payout["id"],
        amount=payout["amount"],
        currency=payout["currency"],
    )
    payout = work.save(payout | {"status": "canceled", "failure_balance_transaction": transaction["id"]})
    work.emit("payout.canceled", payout)
    return payout


@job("arrive_payout")
def arrive(work: Work, payout_id: str) -> None:
    """The bank has the money."""
    payout = work.get("payout", payout_id)
    if payout["status"] == "pending":
        work.emit("payout.paid", work.save(payout | {"status": "paid"}))


def _body(work: Work, params: Json, identifier: str, transaction: str, automatic: bool) -> Json:
    return {
        "id": identifier,
        "object": "payout",
        "amount": params["amount"],
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": work.now + _ARRIVES_IN,
        "automatic": automatic,
        "balance_transaction": transaction,
        "created": work.now,
        "currency": params["currency"],
        "description": params.get("description") or "STRIPE PAYOUT",
        "destination": params.get("destination") or "ba_sandbox",
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": params.get("metadata") or {},
        "method": params.get("method", "standard"),
        "original_payout": None,
        "payout_method": None,
        "reconciliation_status": "completed" if automatic else "not_applicable",
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": params.get("statement_descriptor"),
        "status": "pending",
        "trace_id": None,
        "type": "bank_account",
    }
