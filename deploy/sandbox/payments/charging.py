"""Charges: the tries, good or bad, to take the money of an intent."""

from deploy.sandbox.cards import Decline
from deploy.sandbox.clock import DAY
from deploy.sandbox.errors import Json
from deploy.sandbox.ids import new_id
from deploy.sandbox.payments import fees, ledger
from deploy.sandbox.work import Work

DEBIT_DAYS = 5
_OUTCOME_PAID: Json = {
    "advice_code": None,
    "network_advice_code": None,
    "network_decline_code": None,
    "network_status": "approved_by_network",
    "reason": None,
    "risk_level": "normal",
    "risk_score": 12,
    "seller_message": "Payment complete.",
    "type": "authorized",
}


def paid(work: Work, intent: Json, method: Json) -> Json:
    """Take the money now, or only hold it when the intent is captured by hand."""
    captured = intent["capture_method"] != "manual"
    charge = _new(work, intent, method) | {
        "paid": True,
        "status": "succeeded",
        "captured": captured,
        "amount_captured": intent["amount"] if captured else 0,
        "outcome": _OUTCOME_PAID,
    }
    work.add(charge)
    if captured:
        charge = collect(work, charge, intent)
    work.emit("charge.succeeded", charge)
    return charge


def pending(work: Work, intent: Json, method: Json) -> Json:
    """Ask a bank for money that will take days."""
    charge = _new(work, intent, method) | {
        "status": "pending",
        "captured": True,
        "amount_captured": intent["amount"],
    }
    work.add(charge)
    work.emit("charge.pending", charge)
    return charge


def failed(work: Work, intent: Json, method: Json, decline: Decline) -> Json:
    """Keep the trace of a try that the bank refused."""
    charge = work.add(_new(work, intent, method) | _failure(decline))
    work.emit("charge.failed", charge)
    return charge


def settle(work: Work, charge: Json, intent: Json) -> Json:
    """The bank's money has come."""
    charge = collect(work, charge | {"paid": True, "status": "succeeded", "outcome": _OUTCOME_PAID}, intent)
    work.emit("charge.succeeded", charge)
    return charge


def bounce(work: Work, charge: Json, decline: Decline) -> Json:
    """The bank has refused after days."""
    charge = work.save(charge | _failure(decline) | {"amount_captured": 0})
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


def _new(work: Work, intent: Json, method: Json) -> Json:
    prefix = "ch" if method["type"] == "card" else "py"
    return {
        "id": new_id(prefix),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "application": None if work.is_platform else work.platform,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": method["billing_details"],
        "calculated_statement_descriptor": "SIMULATION",
        "captured": False,
        "created": work.now,
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "fraud_details": {},
        "livemode": False,
        "metadata": intent["metadata"],
        "on_behalf_of": intent["on_behalf_of"],
        "outcome": None,
        "paid": False,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": _details(method),
        "receipt_email": intent["receipt_email"],
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        "review": None,
        "shipping": intent["shipping"],
        "source": None,
        "source_transfer": None,
        "statement_descriptor": intent["statement_descriptor"],
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
        "status": "pending",
        "transfer_data": None,
        "transfer_group": intent["transfer_group"],
    }


def _failure(decline: Decline) -> Json:
    return {
        "paid": False,
        "captured": False,
        "status": "failed",
        "failure_code": decline.code,
        "failure_message": decline.message,
        "outcome": {
            "advice_code": "try_again_later",
            "network_advice_code": None,
            "network_decline_code": None,
            "network_status": "declined_by_network",
            "reason": decline.reason,
            "risk_level": "normal",
            "risk_score": 12,
            "seller_message": "The bank did not accept the payment.",
            "type": "issuer_declined",
        },
    }


def _details(method: Json) -> Json:
    kind = method["type"]
    if kind != "card":
        return {kind: {**method[kind], "mandate": None}, "type": kind}
    card = method["card"]
    shown = ("brand", "checks", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4")
    return {
        "card": {
            **{name: card[name] for name in (*shown, "wallet", "regulated_status")},
            "amount_authorized": None,
            "authorization_code": None,
            "extended_authorization": {"status": "disabled"},
            "incremental_authorization": {"status": "unavailable"},
            "installments": None,
            "mandate": None,
            "multicapture": {"status": "unavailable"},
            "network": card["brand"],
            "network_token": {"used": False},
            "network_transaction_id": None,
            "overcapture": {"maximum_amount_capturable": 0, "status": "unavailable"},
            "three_d_secure": None,
            "transaction_link_id": None,
        },
        "type": "card",
    }
