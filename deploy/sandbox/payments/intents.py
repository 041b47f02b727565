"""Payment intents: from a method to the money, through banks that refuse, ask or wait."""

from collections.abc import Callable

from deploy.sandbox.cards import Decline
from deploy.sandbox.clock import HOUR
from deploy.sandbox.errors import ApiError, Json, invalid, unexpected_state
from deploy.sandbox.ids import new_id, new_secret
from deploy.sandbox.payments import charging, disputes, methods
from deploy.sandbox.work import Work

OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")
# Told after each change of status that someone may wait for: a session, an invoice.
LISTENERS: list[Callable[[Work, Json], None]] = []
AUTHENTICATION_FAILED = Decline(
    "payment_intent_authentication_failure",
    "authentication_failed",
    "The provided PaymentMethod has failed authentication. You can provide payment_method_data or a "
    "new PaymentMethod to attempt to fulfill this PaymentIntent again.",
)
_REDIRECT_LASTS = HOUR


def new(work: Work, params: Json, *, hidden: Json | None = None) -> Json:
    """Open an intent; nothing is charged yet."""
    identifier = new_id("pi")
    body = {
        "id": identifier,
        "object": "payment_intent",
        "amount": params["amount"],
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None if work.is_platform else work.platform,
        "application_fee_amount": params.get("application_fee_amount"),
        "automatic_payment_methods": {"allow_redirects": "always", "enabled": True},
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": params.get("capture_method", "automatic_async"),
        "client_secret": new_secret(identifier),
        "confirmation_method": params.get("confirmation_method", "automatic"),
        "created": work.now,
        "currency": params["currency"],
        "customer": params.get("customer"),
        "customer_account": None,
        "description": params.get("description"),
        "excluded_payment_method_types": None,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "managed_payments": None,
        "metadata": params.get("metadata") or {},
        "next_action": None,
        "on_behalf_of": params.get("on_behalf_of"),
        "payment_method": None,
        "payment_method_configuration_details": None,
        "payment_method_options": {},
        "payment_method_types": params["payment_method_types"],
        "processing": None,
        "receipt_email": params.get("receipt_email") or None,
        "review": None,
        "setup_future_usage": params.get("setup_future_usage"),
        "shipping": params.get("shipping"),
        "source": None,
        "statement_descriptor": params.get("statement_descriptor"),
        "statement_descriptor_suffix": params.get("statement_descriptor_suffix"),
        "status": "requires_payment_method",
        "transfer_data": None,
        "transfer_group": params.get("transfer_group"),
    }
    work.add(body, hidden)
    work.emit("payment_intent.created", body)
    return body


def succeed(work: Work, intent: Json, method: Json) -> Json:
    """The money is taken, or held until it is captured."""
    charge = charging.paid(work, intent, method)
    if intent["setup_future_usage"]:
        _save_method(work, intent, method)
    if charge["captured"]:
        return finish(work, intent, charge)
    intent = _move(
        work,
        intent,
        status="requires_capture",
        amount_capturable=intent["amount"],
        latest_charge=charge["id"],
    )
    work.emit("payment_intent.amount_capturable_updated", intent)
    _tell(work, intent)
    return intent


def process(work: Work, intent: Json, method: Json) -> Json:
    """The bank is asked; it answers days later."""
    charge = charging.pending(work, intent, method)
    intent = _move(work, intent, status="processing", latest_charge=charge["id"])
    if intent["setup_future_usage"]:
        _save_method(work, intent, method)
    work.emit("payment_intent.processing", intent)
    work.later(charging.debit_outcome_in(), "settle_debit", intent["id"])
    _tell(work, intent)
    return intent


def finish(work: Work, intent: Json, charge: Json) -> Json:
    """The money of the intent is in the books."""
    intent = _move(
        work,
        intent,
        status="succeeded",
        amount_received=charge["amount_captured"],
        amount_capturable=0,
        latest_charge=charge["id"],
    )
    work.emit("payment_intent.succeeded", intent)
    _tell(work, intent)
    if _is_disputed(work, charge):
        disputes.open_on(work, charge, reason="fraudulent")
    return intent


def refuse(work: Work, intent: Json, method: Json, decline: Decline, *, charge: Json | None = None) -> ApiError:
    """Write down that the money was refused; return what to raise for it."""
    error: Json = {
        "type": "card_error",
        "code": decline.code,
        "decline_code": decline.reason,
        "doc_url": f"https://docs.stripe.com/error-codes/{decline.code.replace('_', '-')}",
        "message": decline.message,
        "payment_method": method,
    }
    changes: Json = {}
    if charge is not None:
        error["charge"] = charge["id"]
        changes["latest_charge"] = charge["id"]
    intent = _move(
        work,
        intent,
        status="requires_payment_method",
        payment_method=None,
        last_payment_error=error,
        **changes,
    )
    work.emit("payment_intent.payment_failed", intent)
    _tell(work, intent)
    details: Json = {name: error[name] for name in ("decline_code", "charge") if name in error}
    return ApiError(
        402,
        decline.message,
        kind="card_error",
        code=decline.code,
        details={**details, "payment_intent": intent, "payment_method": method},
        keeps_work=True,
    )


def cancel(work: Work, intent: Json, reason: str | None) -> Json:
    """Give up the intent; what was held is let go."""
    if intent["status"] not in (*OPEN, "requires_capture"):
        raise unexpected_state("PaymentIntent", intent, "cancel")
    if intent["status"] == "requires_capture":
        charge = work.get("charge", intent["latest_charge"])
        charge = work.save(charge | {"refunded": True, "amount_refunded": charge["amount"], "amount_captured": 0})
        work.emit("charge.refunded", charge)
    intent = _move(
        work,
        intent,
        status="canceled",
        canceled_at=work.now,
        cancellation_reason=reason,
        amount_capturable=0,
    )
    work.emit("payment_intent.canceled", intent)
    _tell(work, intent)
    return intent


def capture(work: Work, intent: Json, amount: int | None, fee: int | None) -> Json:
    """Take what was held, all or a part."""
    if intent["status"] != "requires_capture":
        raise unexpected_state("PaymentIntent", intent, "capture")
    taken = intent["amount_capturable"] if amount is None else amount
    if not 0 < taken <= intent["amount_capturable"]:
        message = (
            f"The remaining amount to capture is {intent['amount_capturable']}, "
            f"which is less than the requested amount {taken}."
        )
        raise invalid(message, param="amount_to_capture", code="amount_too_large")
    if fee is not None:
        intent = intent | {"application_fee_amount": fee}
    charge = work.get("charge", intent["latest_charge"])
    charge = charging.collect(work, charge | {"captured": True, "amount_captured": taken}, intent)
    work.emit("charge.captured", charge)
    return finish(work, intent, charge)


def ask(work: Work, intent: Json, page: str) -> Json:
    """Send the payer to a page of the bank, which says yes or no."""
    address = f"{work.settings.public_url}/{page}/{intent['id']}"
    return_url = work.hidden(intent["id"]).get("return_url")
    intent = _move(
        work,
        intent,
        status="requires_action",
        next_action={
            "redirect_to_url": {"return_url": return_url, "url": address},
            "type": "redirect_to_url",
        },
    )
    if page == "bancontact":
        work.later(_REDIRECT_LASTS, "abandon_redirect", intent["id"])
    work.emit("payment_intent.requires_action", intent)
    return intent


def _is_disputed(work: Work, charge: Json) -> bool:
    method = work.get("payment_method", charge["payment_method"])
    return method["type"] == "card" and methods.card_of(work, method).disputed


def _save_method(work: Work, intent: Json, method: Json) -> None:
    if intent["customer"] and method["customer"] is None:
        methods.attach(work, method, intent["customer"])


def _move(work: Work, intent: Json, **changes: object) -> Json:
    settled = {"next_action": None, "last_payment_error": None}
    return work.save(intent | settled | changes)


def _tell(work: Work, intent: Json) -> None:
    for listener in LISTENERS:
        listener(work, intent)
