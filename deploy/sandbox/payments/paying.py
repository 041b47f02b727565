"""A payer sends the form of a Checkout Session."""

from dataclasses import dataclass

from deploy.sandbox.errors import Json
from deploy.sandbox.payments import confirming, customers, intents, invoicing, methods, sessions, setups, subscriptions
from deploy.sandbox.work import Work


@dataclass(frozen=True, kw_only=True)
class Payer:
    """Who pays, as typed."""

    email: str
    name: str
    address: Json


def pay(work: Work, session: Json, method: Json, payer: Payer) -> Json:
    """Try to do what the session is for; return the session as it is then.

    Raises ApiError (402) on a refusal; what the refusal wrote is to be kept.
    """
    session = work.save(session | {"customer_details": _details(payer)})
    work.hide(session["id"], attempts=work.hidden(session["id"])["attempts"] + 1)
    session = _with_customer(work, session, payer)
    _MODES[session["mode"]](work, session, method)
    return work.get("checkout.session", session["id"])


def _pay_once(work: Work, session: Json, method: Json) -> None:
    intent = _intent(work, session)
    intent = work.save(
        intent
        | {
            "customer": session["customer"],
            "payment_method": method["id"],
            "status": "requires_confirmation",
        }
    )
    confirming.confirm(work, intent, return_url=sessions.success_address(session))


def _set_up(work: Work, session: Json, method: Json) -> None:
    hidden = work.hidden(session["id"])
    if session["setup_intent"]:
        intent = work.get("setup_intent", session["setup_intent"])
    else:
        params = hidden["params"].get("setup_intent_data") or {}
        params = params | {"customer": session["customer"]}
        intent = setups.new(work, params, hidden={"session": session["id"]})
        session = work.save(session | {"setup_intent": intent["id"]})
        work.hide(session["id"], intent=intent["id"])
    intent = setups.with_method(work, intent, method)
    setups.confirm(work, intent, return_url=sessions.success_address(session))


def _subscribe(work: Work, session: Json, method: Json) -> None:
    hidden = work.hidden(session["id"])
    if hidden.get("subscription"):
        subscription = work.get("subscription", hidden["subscription"])
    else:
        subscription = _new_subscription(work, session, hidden)
    if subscription["latest_invoice"] is None or subscription["status"] == "active":
        methods.attach(work, method, session["customer"])
        work.save(subscription | {"default_payment_method": method["id"]})
        sessions.complete(work, session, payment_status="no_payment_required", subscription=subscription["id"])
        return
    intent = invoicing.payment_intent(work, work.get("invoice", subscription["latest_invoice"])) or {}
    work.hide(intent["id"], session=session["id"])
    work.hide(session["id"], intent=intent["id"])
    intent |= {"payment_method": method["id"], "setup_future_usage": "off_session"}
    confirming.confirm(
        work,
        work.save(intent | {"status": "requires_confirmation"}),
        return_url=sessions.success_address(session),
    )


def _new_subscription(work: Work, session: Json, hidden: Json) -> Json:
    data = hidden["params"].get("subscription_data") or {}
    names = ("metadata", "trial_end", "trial_period_days", "description")
    items = [{"price": item["price"]["id"], "quantity": item["quantity"]} for item in hidden["items"]]
    params = {name: data[name] for name in names if name in data}
    params |= {"customer": session["customer"], "items": items, "payment_behavior": "default_incomplete"}
    subscription = subscriptions.new(work, params)
    work.hide(session["id"], subscription=subscription["id"])
    return subscription


_MODES = {"payment": _pay_once, "setup": _set_up, "subscription": _subscribe}


def _intent(work: Work, session: Json) -> Json:
    if session["payment_intent"]:
        intent = work.get("payment_intent", session["payment_intent"])
        if intent["status"] in intents.OPEN:
            return intent
    params = work.hidden(session["id"])["params"].get("payment_intent_data") or {}
    params = params | {
        "amount": session["amount_total"],
        "currency": session["currency"],
        "customer": session["customer"],
        "payment_method_types": session["payment_method_types"],
    }
    intent = intents.new(work, params, hidden={"session": session["id"]})
    work.save(session | {"payment_intent": intent["id"]})
    work.hide(session["id"], intent=intent["id"])
    return intent


def _with_customer(work: Work, session: Json, payer: Payer) -> Json:
    data = work.hidden(session["id"])["params"].get("payment_intent_data") or {}
    wanted = (
        session["mode"] == "subscription" or session["customer_creation"] == "always" or "setup_future_usage" in data
    )
    if session["customer"] or not wanted:
        return session
    customer = customers.add(work, {"email": payer.email, "name": payer.name})
    return work.save(session | {"customer": customer["id"]})


def _details(payer: Payer) -> Json:
    return {
        "address": payer.address,
        "business_name": None,
        "email": payer.email,
        "individual_name": None,
        "name": payer.name,
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": [],
    }
