"""Refunds: never more than was paid, and some come back days later."""

from deploy.sandbox import faults
from deploy.sandbox.clock import DAY, MINUTE
from deploy.sandbox.errors import Json, invalid
from deploy.sandbox.ids import new_id
from deploy.sandbox.payments import fees, ledger, methods
from deploy.sandbox.work import Work, job

_LATE = 10 * MINUTE
_UNTIL_FUNDED = 3 * DAY


def refund(work: Work, charge: Json, params: Json) -> Json:
    """Give money back, all that is left unless an amount is named.

    Raises ApiError when nothing was taken, or less than what is asked for.
    """
    amount = _checked_amount(charge, params.get("amount"))
    fate = _fate(work, charge)
    body = work.add(_new(work, charge, params, amount, fate), {"fate": fate})
    lines = _fee_given_back(work, charge, amount) if params.get("refund_application_fee") else []
    card = charge["payment_method_details"]["type"] == "card"
    transaction = ledger.record(
        work,
        "refund" if card else "payment_refund",
        source=body["id"],
        amount=-amount,
        currency=charge["currency"],
        fees=lines,
        description="REFUND FOR CHARGE",
    )
    body = work.save(body | {"balance_transaction": transaction["id"]})
    refunded = charge["amount_refunded"] + amount
    charge = work.save(charge | {"amount_refunded": refunded, "refunded": refunded == charge["amount_captured"]})
    if fate != "succeeds":
        work.later(_UNTIL_FUNDED if fate == "pending" else _LATE, "finish_refund", body["id"])
    work.emit("refund.created", body)
    work.emit("charge.refunded", charge)
    return body


def cancel(work: Work, body: Json) -> Json:
    """Take back a refund that has not left yet."""
    if body["status"] != "pending":
        raise invalid("This refund cannot be canceled: it is no longer pending.")
    return _undo(work, body, status="canceled", reason=None)


@job("finish_refund")
def finish_refund(work: Work, refund_id: str) -> None:
    """What happens to a refund in the end."""
    body = work.get("refund", refund_id)
    fate = work.hidden(refund_id)["fate"]
    if fate == "pending" and body["status"] == "pending":
        body = work.save(body | {"status": "succeeded"})
        work.emit("refund.updated", body)
        work.emit("charge.refund.updated", body)
    elif fate == "fails_later" and body["status"] in ("pending", "succeeded"):
        _undo(work, body, status="failed", reason="lost_or_stolen_card")


def _undo(work: Work, body: Json, *, status: str, reason: str | None) -> Json:
    transaction = ledger.record(
        work,
        "refund_failure",
        source=body["id"],
        amount=body["amount"],
        currency=body["currency"],
        description="REFUND FAILURE",
    )
    changes: Json = {"status": status, "failure_balance_transaction": transaction["id"]}
    if reason:
        changes["failure_reason"] = reason
    body = work.save(body | changes)
    charge = work.get("charge", body["charge"])
    left = charge["amount_refunded"] - body["amount"]
    work.save(charge | {"amount_refunded": left, "refunded": False})
    work.emit("refund.updated", body)
    if status == "failed":
        work.emit("refund.failed", body)
    work.emit("charge.refund.updated", body)
    return body


def _checked_amount(charge: Json, amount: int | None) -> int:
    if charge["status"] != "succeeded" or not charge["captured"]:
        raise invalid(f"Charge {charge['id']} has not been captured, so it cannot be refunded.")
    if charge["disputed"]:
        message = f"Charge {charge['id']} has been charged back; cannot issue a refund."
        raise invalid(message, code="charge_disputed")
    left = charge["amount_captured"] - charge["amount_refunded"]
    if left == 0:
        message = f"Charge {charge['id']} has already been refunded."
        raise invalid(message, code="charge_already_refunded")
    wanted = left if amount is None else amount
    if wanted < 1:
        message = "This value must be greater than or equal to 1."
        raise invalid(message, param="amount", code="parameter_invalid_integer")
    if wanted > left:
        message = (
            f"Refund amount ({wanted / 100:.2f} {charge['currency']}) is greater than unrefunded "
            f"amount on charge ({left / 100:.2f} {charge['currency']})"
        )
        raise invalid(message, param="amount")
    return wanted


def _fate(work: Work, charge: Json) -> str:
    for rule in faults.take(work.db, faults.REFUND_KINDS, account=work.account):
        return "fails_later" if rule["kind"] == "refunds_fail_later" else "pending"
    if charge["payment_method_details"]["type"] != "card":
        return "succeeds"
    return methods.card_of(work, work.get("payment_method", charge["payment_method"])).refund


def _fee_given_back(work: Work, charge: Json, amount: int) -> list[Json]:
    if not charge["application_fee"]:
        return []
    books = work.as_account(work.platform)
    fee = books.get("application_fee", charge["application_fee"])
    # In proportion, and to the last cent once everything is refunded.
    after = charge["amount_refunded"] + amount
    back = fee["amount"] * after // charge["amount_captured"] - fee["amount_refunded"]
    if back <= 0:
        return []
    return_fee(books, fee, back)
    return [fees.application_fee(-back, charge["currency"], work.platform)]


def return_fee(books: Work, fee: Json, amount: int) -> Json:
    """Give a part of an application fee back to the connected account."""
    identifier = new_id("fr")
    transaction = ledger.record(
        books,
        "application_fee_refund",
        source=identifier,
        amount=-amount,
        currency=fee["currency"],
    )
    returned = books.add(
        {
            "id": identifier,
            "object": "fee_refund",
            "amount": amount,
            "balance_transaction": transaction["id"],
            "created": books.now,
            "currency": fee["currency"],
            "fee": fee["id"],
            "metadata": {},
        }
    )
    total = fee["amount_refunded"] + amount
    refunds = fee["refunds"] | {"data": [returned, *fee["refunds"]["data"]]}
    changes = {"amount_refunded": total, "refunded": total == fee["amount"], "refunds": refunds}
    books.emit("application_fee.refunded", books.save(fee | changes))
    return returned


def _new(work: Work, charge: Json, params: Json, amount: int, fate: str) -> Json:
    kind = charge["payment_method_details"]["type"]
    body: Json = {
        "id": new_id("re" if kind == "card" else "pyr"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": work.now,
        "currency": charge["currency"],
        "customer": charge["customer"],
        "customer_account": None,
        "destination_details": {kind: {"type": "refund"} if kind == "card" else {}, "type": kind},
        "metadata": params.get("metadata") or {},
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "reason": params.get("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "pending" if fate == "pending" else "succeeded",
        "transfer_reversal": None,
    }
    if fate == "pending":
        body["pending_reason"] = "insufficient_funds"
    return body
