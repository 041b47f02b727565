"""Payment intents: `/v1/payment_intents`."""

from deploy.sandbox import lists, search
from deploy.sandbox.errors import Json, invalid, unexpected_state
from deploy.sandbox.money import check_application_fee, check_charge
from deploy.sandbox.payments import accounts, confirming, customers, intents, methods
from deploy.sandbox.registry import answers
from deploy.sandbox.work import Work

_KIND = "payment_intent"
_URL = "/v1/payment_intents"
_CHANGEABLE = ("amount", "currency", "customer", "description", "receipt_email", "setup_future_usage")
_ALSO_CHANGEABLE = ("application_fee_amount", "transfer_group", "shipping", "capture_method")


@answers("POST", _URL)
def create(work: Work, params: Json) -> Json:
    """Open an intent, and try it at once when `confirm` says so."""
    check_charge(params["amount"], params["currency"])
    accounts.check_can_charge(work)
    _check_fee(work, params.get("application_fee_amount"), params["amount"])
    if "customer" in params:
        work.get("customer", params["customer"], param="customer")
    if params.get("off_session") and not params.get("confirm"):
        message = "You may only use `off_session` when you also set `confirm` to true."
        raise invalid(message, param="off_session")
    asked = params.get("allowed_payment_method_types")
    kinds = asked or accounts.default_methods(work, params["currency"])
    intent = intents.new(work, params | {"payment_method_types": kinds})
    intent = _with_method(work, intent, params)
    return _confirm(work, intent, params) if params.get("confirm") else intent


@answers("GET", _URL + "/{id}")
def retrieve(work: Work, params: Json, identifier: str) -> Json:
    """Show an intent."""
    return work.get(_KIND, identifier)


@answers("POST", _URL + "/{id}")
def update(work: Work, params: Json, identifier: str) -> Json:
    """Change an intent that is still open; its metadata at any time."""
    intent = work.get(_KIND, identifier)
    changes: Json = {n: params[n] or None for n in (*_CHANGEABLE, *_ALSO_CHANGEABLE) if n in params}
    if changes and intent["status"] not in intents.OPEN:
        raise unexpected_state("PaymentIntent", intent, "update")
    if "amount" in changes or "currency" in changes:
        after = intent | changes
        check_charge(after["amount"], after["currency"])
    intent = intent | changes | {"metadata": customers.merged_metadata(intent, params)}
    _check_fee(work, intent["application_fee_amount"], intent["amount"])
    return _with_method(work, work.save(intent), params)


@answers("POST", _URL + "/{id}/confirm")
def confirm(work: Work, params: Json, identifier: str) -> Json:
    """Try to take the money."""
    intent = work.get(_KIND, identifier)
    if intent["status"] not in intents.OPEN:
        raise unexpected_state("PaymentIntent", intent, "confirm")
    for name in ("setup_future_usage", "receipt_email"):
        if name in params:
            intent[name] = params[name] or None
    return _confirm(work, _with_method(work, intent, params), params)


@answers("POST", _URL + "/{id}/capture")
def capture(work: Work, params: Json, identifier: str) -> Json:
    """Take what was held."""
    intent = work.get(_KIND, identifier)
    fee = params.get("application_fee_amount")
    _check_fee(work, fee, intent["amount"])
    return intents.capture(work, intent, params.get("amount_to_capture"), fee)


@answers("POST", _URL + "/{id}/cancel")
def cancel(work: Work, params: Json, identifier: str) -> Json:
    """Give an intent up."""
    intent = work.get(_KIND, identifier)
    session_id = work.hidden(identifier).get("session")
    if session_id and work.get("checkout.session", session_id)["status"] == "open":
        message = (
            "This PaymentIntent could not be canceled because it is associated with an open Checkout "
            "Session. Expire the Checkout Session instead."
        )
        raise invalid(message)
    return intents.cancel(work, intent, params.get("cancellation_reason"))


@answers("GET", _URL + "/search")
def search_(work: Work, params: Json) -> Json:
    """Find intents by status, customer, amount, currency or metadata."""
    return search.page(work, _KIND, params, url=_URL + "/search")


@answers("GET", _URL)
def list_(work: Work, params: Json) -> Json:
    """List intents."""
    return lists.page(work, _KIND, params, url=_URL, filters={"customer": "customer"})


def _check_fee(work: Work, fee: int | None, amount: int) -> None:
    check_application_fee(fee, amount, on_platform=work.is_platform, param="application_fee_amount")


def _with_method(work: Work, intent: Json, params: Json) -> Json:
    if "payment_method" in params:
        method = methods.referred_to(work, params["payment_method"])
    elif "payment_method_data" in params:
        method = methods.from_data(work, params["payment_method_data"])
    else:
        return intent
    if method["customer"] not in (None, intent["customer"]):
        message = f"The provided PaymentMethod ({method['id']}) belongs to another Customer than this PaymentIntent's."
        raise invalid(message, param="payment_method")
    if method["type"] not in intent["payment_method_types"]:
        message = f"This PaymentIntent does not take the payment method type {method['type']}."
        raise invalid(message, param="payment_method")
    status = intent["status"]
    if status == "requires_payment_method":
        status = "requires_confirmation"
    return work.save(intent | {"payment_method": method["id"], "status": status})


def _confirm(work: Work, intent: Json, params: Json) -> Json:
    return confirming.confirm(
        work,
        intent,
        off_session=bool(params.get("off_session")),
        never_asks=bool(params.get("error_on_requires_action")),
        return_url=params.get("return_url"),
    )
