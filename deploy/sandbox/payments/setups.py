"""Setup intents: a method is checked and saved, nothing is charged."""

from collections.abc import Callable

from deploy.sandbox import cards
from deploy.sandbox.cards import Decline
from deploy.sandbox.errors import ApiError, Json, invalid, unexpected_state
from deploy.sandbox.ids import new_id, new_secret
from deploy.sandbox.payments import methods
from deploy.sandbox.work import Work

OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")
LISTENERS: list[Callable[[Work, Json], None]] = []
AUTHENTICATION_FAILED = Decline(
    "setup_intent_authentication_failure",
    "authentication_failed",
    "The latest attempt to set up the payment method has failed because authentication failed.",
)


def new(work: Work, params: Json, *, hidden: Json | None = None) -> Json:
    """Open a setup intent."""
    identifier = new_id("seti")
    body = {
        "id": identifier,
        "object": "setup_intent",
        "application": None if work.is_platform else work.platform,
        "automatic_payment_methods": {"allow_redirects": "always", "enabled": True},
        "cancellation_reason": None,
        "client_secret": new_secret(identifier),
        "created": work.now,
        "customer": params.get("customer"),
        "customer_account": None,
        "description": params.get("description"),
        "excluded_payment_method_types": None,
        "flow_directions": None,
        "last_setup_error": None,
        "latest_attempt": None,
        "livemode": False,
        "managed_payments": None,
        "mandate": None,
        "metadata": params.get("metadata") or {},
        "next_action": None,
        "on_behalf_of": params.get("on_behalf_of"),
        "payment_method": None,
        "payment_method_configuration_details": None,
        "payment_method_options": {},
        "payment_method_types": params.get("payment_method_types") or ["card"],
        "single_use_mandate": None,
        "status": "requires_payment_method",
        "usage": params.get("usage", "off_session"),
    }
    work.add(body, hidden)
    work.emit("setup_intent.created", body)
    return body


def with_method(work: Work, intent: Json, method: Json) -> Json:
    """Give an intent the method to save."""
    if intent["status"] not in OPEN:
        raise unexpected_state("SetupIntent", intent, "update")
    return work.save(intent | {"payment_method": method["id"], "status": "requires_confirmation"})


def confirm(work: Work, intent: Json, *, authenticated: bool = False, return_url: str | None = None) -> Json:
    """Check the method with its bank, and save it.

    Raises ApiError (402) on a refusal; what the refusal wrote is to be kept.
    """
    if intent["status"] not in OPEN:
        raise unexpected_state("SetupIntent", intent, "confirm")
    if intent["payment_method"] is None:
        raise invalid("You cannot confirm this SetupIntent because it's missing a payment method.")
    if return_url:
        work.hide(intent["id"], return_url=return_url)
    method = work.get("payment_method", intent["payment_method"])
    card = methods.card_of(work, method) if method["type"] == "card" else None
    if card and card.authentication != "never" and not authenticated:
        return _ask(work, intent)
    if card and card.decline and not card.attaches:
        raise refuse(work, intent, method, card.decline)
    work.hide(method["id"], authenticated=authenticated)
    return _succeed(work, intent, method)


def refuse(work: Work, intent: Json, method: Json, decline: cards.Decline) -> ApiError:
    """Write down that the bank refused; return what to raise for it."""
    error = {
        "type": "card_error",
        "code": decline.code,
        "decline_code": decline.reason,
        "message": decline.message,
        "payment_method": method,
    }
    intent = _move(work, intent, status="requires_payment_method", payment_method=None, last_setup_error=error)
    work.emit("setup_intent.setup_failed", intent)
    return ApiError(
        402,
        decline.message,
        kind="card_error",
        code=decline.code,
        details={"decline_code": decline.reason, "setup_intent": intent, "payment_method": method},
        keeps_work=True,
    )


def cancel(work: Work, intent: Json, reason: str | None) -> Json:
    """Give an intent up."""
    if intent["status"] not in OPEN:
        raise unexpected_state("SetupIntent", intent, "cancel")
    intent = _move(work, intent, status="canceled", cancellation_reason=reason)
    work.emit("setup_intent.canceled", intent)
    return intent


def _succeed(work: Work, intent: Json, method: Json) -> Json:
    if intent["customer"]:
        methods.attach(work, method, intent["customer"])
    intent = _move(work, intent, status="succeeded")
    work.emit("setup_intent.succeeded", intent)
    for listener in LISTENERS:
        listener(work, intent)
    return intent


def _ask(work: Work, intent: Json) -> Json:
    address = f"{work.settings.public_url}/authenticate/{intent['id']}"
    return_url = work.hidden(intent["id"]).get("return_url")
    action = {
        "redirect_to_url": {"return_url": return_url, "url": address},
        "type": "redirect_to_url",
    }
    intent = _move(work, intent, status="requires_action", next_action=action)
    work.emit("setup_intent.requires_action", intent)
    return intent


def _move(work: Work, intent: Json, **changes: object) -> Json:
    return work.save(intent | {"next_action": None, "last_setup_error": None} | changes)
