"""Charges: the tries, good or bad, to take the money of an intent."""

from deploy.sandbox.cards import Decline
from deploy.sandbox.clock import DAY
from deploy.sandbox.errors import Json
from deploy.sandbox.ids import new_id
from deploy.sandbox.payments import charge_bodies, fees, ledger
from deploy.sandbox.work import Work

DEBIT_DAYS = 5


def paid(work: Work, intent: Json, method: Json) -> Json:
    """Take the money now, or only hold it when the intent is captured by hand."""
    captured = intent["capture_method"] != "manual"
    charge = charge_bodies.new(work, intent, method) | {
        "paid": True,
        "status": "succeeded",
        "captured": captured,
        "amount_captured": intent["amount"] if captured else 0,
        "outcome": charge_bodies.OUTCOME_PAID,
    }
    work.add(charge)
    if captured:
        charge = collect(work, charge, intent)
    work.emit("charge.succeeded", charge)
    return charge


def pending(work: Work, intent: Json, method: Json) -> Json:
    """Ask a bank for money that will take days."""
    charge = charge_bodies.new(work, intent, method) | {
        "status": "pending",
        "captured": True,
        "amount_captured": intent["amount"],
    }
    work.add(charge)
    work.emit("charge.pending", charge)
    return charge


def failed(work: Work, intent: Json, method: Json, decline: Decline) -> Json:
    """Keep the trace of a try that the bank refused."""
    charge = work.add(charge_bodies.new(work, intent, method) | charge_bodies.failure(decline))
    work.emit("charge.failed", charge)
    return charge


def settle(work: Work, charge: Json, intent: Json) -> Json:
    """The bank's money has come."""
    charge = collect(
        work, charge | {"paid": True, "status": "succeeded", "outcome": charge_bodies.OUTCOME_PAID}, intent
    )
    work.emit("charge.succeeded", charge)
    return charge


def bounce(work: Work, charge: Json, decline: Decline) -> Json:
    """The bank has refused after days."""
    charge = work.save(charge | charge_bodies.failure(decline) | {"amount_captured": 0})
    work.emit("charge.failed", charge)
    return charge


def collect(work: Work, charge: Json, intent: Json) -> Json:
    """Write the money of a charge into the books, less the fees."""
    amount, currency = charge["amount_captured"], charge["currency"]
    method = charge["payment_method_details"]["type"]
    lines = [fees.stripe_fee(fees.processing_fee(amount, currency, method), currency)]
    share = intent["application_fee_amount"]
    if share:
        lines.append(fees.application_fee(share, currency, work.platform))
        charge = charge | {
            "application_fee": _application_fee(work, charge, share),
            "application_fee_amount": share,
        }
    transaction = ledger.record(
        work,
        "charge" if method == "card" else "payment",
        source=charge["id"],
        amount=amount,
        currency=currency,
        fees=lines,
        description=charge["description"],
        held_for=ledger.HELD_FOR,
    )
    return work.save(charge | {"balance_transaction": transaction["id"]})


def debit_outcome_in() -> int:
    """How long a bank takes to answer, in seconds."""
    return DEBIT_DAYS * DAY


def _application_fee(work: Work, charge: Json, amount: int) -> str:
    books = work.as_account(work.platform)
    fee_id = new_id("fee")
    transaction = ledger.record(
        books,
        "application_fee",
        source=fee_id,
        amount=amount,
        currency=charge["currency"],
        held_for=ledger.HELD_FOR,
    )
    fee = books.add(
        {
            "id": fee_id,
            "object": "application_fee",
            "account": work.account,
            "amount": amount,
            "amount_refunded": 0,
            "application": work.platform,
            "balance_transaction": transaction["id"],
            "charge": charge["id"],
            "created": work.now,
            "currency": charge["currency"],
            "fee_source": {"charge": charge["id"], "type": "charge"},
            "livemode": False,
            "originating_transaction": None,
            "refunded": False,
            "refunds": {
                "object": "list",
                "data": [],
                "has_more": False,
                "url": f"/v1/application_fees/{fee_id}/refunds",
            },
        }
    )
    books.emit("application_fee.created", fee)
    return fee_id
