"""Checkout Sessions: a payment page that is open, then complete or expired, once."""

from deploy.sandbox.errors import Json, invalid
from deploy.sandbox.ids import new_id, new_secret
from deploy.sandbox.money import check_application_fee, check_charge
from deploy.sandbox.payments import accounts, intents, session_terms, setups
from deploy.sandbox.work import Work, job


def new(work: Work, params: Json) -> Json:
    """Open a session. Raises ApiError when it could never be paid."""
    mode = params.get("mode")
    if mode is None:
        raise invalid("Missing required param: mode.", param="mode", code="parameter_missing")
    accounts.check_can_charge(work)
    session_terms.check_addresses(params)
    customer = session_terms.customer(work, params)
    items = session_terms.items(work, params)
    total = sum(item["amount_total"] for item in items)
    currency = session_terms.currency_of(params, items)
    kinds = session_terms.method_types(work, params, currency)
    if mode == "payment":
        check_charge(total, currency or "", param="line_items")
        fee = (params.get("payment_intent_data") or {}).get("application_fee_amount")
        check_application_fee(
            fee,
            total,
            on_platform=work.is_platform,
            param="payment_intent_data[application_fee_amount]",
        )
    identifier = f"cs_test_{new_id('a1', 56).replace('_', '')}"
    body = _body(work, params, identifier, mode) | {
        "amount_subtotal": total if items else None,
        "amount_total": total if items else None,
        "currency": currency,
        "customer": customer,
        "payment_method_types": kinds,
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0} if items else None,
        "expires_at": session_terms.expiry(work, params),
    }
    if is_embedded(body):
        body |= _embedded(identifier, params)
    hidden = {"items": items, "params": params, "attempts": 0}
    work.add(body, hidden)
    work.later(body["expires_at"] - work.now, "expire_session", identifier)
    return body


def expire(work: Work, session: Json) -> Json:
    """Close a session that was not paid; what it had begun is given up."""
    if session["status"] != "open":
        message = (
            'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session '
            f"has a status of `{session['status']}`."
        )
        raise invalid(message, param="session")
    intent = work.of_any_kind(work.hidden(session["id"]).get("intent") or "")
    if intent and intent["status"] in intents.OPEN:
        cancel = setups.cancel if intent["object"] == "setup_intent" else intents.cancel
        cancel(work, intent, "automatic")
    session = work.save(session | {"status": "expired", "url": None})
    work.emit("checkout.session.expired", session)
    return session


@job("expire_session")
def expire_session(work: Work, session_id: str) -> None:
    """Nobody paid in time."""
    session = work.get("checkout.session", session_id)
    if session["status"] == "open":
        expire(work, session)


def complete(work: Work, session: Json, **changes: object) -> Json:
    """Close an open session that did what it was for."""
    session = work.save(session | {"status": "complete", "url": None} | changes)
    work.emit("checkout.session.completed", session)
    return session


def follow(work: Work, intent: Json) -> None:
    """Move the session of an intent along with it."""
    session_id = work.hidden(intent["id"]).get("session")
    if session_id is None:
        return
    session = work.get("checkout.session", session_id)
    status = intent["status"]
    if session["status"] == "open":
        if status in ("succeeded", "processing", "requires_capture"):
            paid = "unpaid" if status == "processing" else "paid"
            complete(work, session, payment_status=paid, **_subscribed(work, session))
    elif status == "succeeded" and session["payment_status"] == "unpaid":
        session = work.save(session | {"payment_status": "paid"})
        work.emit("checkout.session.async_payment_succeeded", session)
    elif status == "requires_payment_method" and session["status"] == "complete":
        work.emit("checkout.session.async_payment_failed", session)


def follow_setup(work: Work, intent: Json) -> None:
    """Close the session whose card is saved."""
    session_id = work.hidden(intent["id"]).get("session")
    if session_id:
        complete(work, work.get("checkout.session", session_id))


intents.LISTENERS.append(follow)
setups.LISTENERS.append(follow_setup)


def is_embedded(session: Json) -> bool:
    """Whether a page is shown inside another."""
    return bool(session["ui_mode"] == session_terms.EMBEDDED)


def success_address(session: Json) -> str:
    """Return where the payer goes when all is done."""
    address: str = session["success_url"] or session["return_url"]
    return address.replace("{CHECKOUT_SESSION_ID}", session["id"])


def _subscribed(work: Work, session: Json) -> Json:
    subscription_id = work.hidden(session["id"]).get("subscription")
    if subscription_id is None:
        return {}
    subscription = work.get("subscription", subscription_id)
    method = work.get("payment_intent", work.hidden(session["id"])["intent"])["payment_method"]
    work.save(subscription | {"default_payment_method": method})
    return {"subscription": subscription_id, "invoice": subscription["latest_invoice"]}


def _customer_creation(params: Json, mode: str) -> str | None:
    asked: str | None = params.get("customer_creation", "if_required")
    return asked if mode in ("payment", "setup") else None


def _body(work: Work, params: Json, identifier: str, mode: str) -> Json:
    return {
        "id": identifier,
        "object": "checkout.session",
        "adaptive_pricing": None,
        "after_expiration": None,
        "allow_promotion_codes": None,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "billing_address_collection": params.get("billing_address_collection"),
        "cancel_url": params.get("cancel_url"),
        "client_reference_id": params.get("client_reference_id"),
        "client_secret": None,
        "collected_information": None,
        "consent": None,
        "consent_collection": None,
        "created": work.now,
        "currency_conversion": None,
        "custom_fields": [],
        "custom_text": {
            "after_submit": None,
            "shipping_address": None,
            "submit": (params.get("custom_text") or {}).get("submit") or None,
            "terms_of_service_acceptance": None,
        },
        "customer_account": None,
        "customer_creation": _customer_creation(params, mode),
        "customer_details": None,
        "customer_email": params.get("customer_email"),
        "discounts": [],
        "integration_identifier": params.get("integration_identifier"),
        "invoice": None,
        "invoice_creation": None,
        "livemode": False,
        "locale": params.get("locale"),
        "managed_payments": None,
        "metadata": params.get("metadata") or {},
        "mode": mode,
        "origin_context": None,
        "payment_intent": None,
        "payment_link": None,
        "payment_method_collection": "if_required" if mode == "payment" else "always",
        "payment_method_configuration_details": None,
        "payment_method_options": params.get("payment_method_options") or {},
        "payment_status": "no_payment_required" if mode == "setup" else "unpaid",
        "permissions": None,
        "phone_number_collection": {"enabled": False},
        "recovered_from": None,
        "saved_payment_method_options": None,
        "setup_intent": None,
        "shipping_address_collection": None,
        "shipping_cost": None,
        "shipping_options": [],
        "status": "open",
        "submit_type": params.get("submit_type"),
        "subscription": None,
        "success_url": params.get("success_url"),
        "ui_mode": params.get("ui_mode", session_terms.HOSTED),
        "url": f"{work.settings.public_url}/pay/{identifier}",
        "wallet_options": None,
    }


def _embedded(identifier: str, params: Json) -> Json:
    """Return what differs of a page that is shown inside another: it is opened by its secret, and has no address."""
    return {
        "client_secret": new_secret(identifier),
        "redirect_on_completion": "always",
        "return_url": params["return_url"],
        "url": None,
    }
