"""Payment methods: cards, Bancontact, bank debits, as objects of one account."""

from datetime import UTC, datetime

from deploy.sandbox import cards
from deploy.sandbox.cards import Card
from deploy.sandbox.errors import ApiError, Json, invalid
from deploy.sandbox.ids import new_id
from deploy.sandbox.work import Work

EMPTY_ADDRESS: Json = {
    "city": None,
    "country": None,
    "line1": None,
    "line2": None,
    "postal_code": None,
    "state": None,
}


def referred_to(work: Work, reference: str, *, param: str = "payment_method") -> Json:
    """Return the method of an identifier; `pm_card_…` and `tok_…` make a new one each time."""
    card = cards.by_name(reference)
    if card is None:
        return work.get("payment_method", reference, param=param)
    return add_card(work, card, month=12, year=_year(work) + 3)


def from_data(work: Work, data: Json) -> Json:
    """Make the method that a request describes."""
    billing = data.get("billing_details")
    kind = data.get("type", "card")
    details = data.get(kind) or {}
    if kind == "bancontact":
        return add_other(work, kind, {}, billing=billing)
    if kind == "sepa_debit":
        return add_sepa(work, str(details.get("iban", "")), billing=billing)
    if kind == "acss_debit":
        return add_acss(work, details, billing=billing)
    if kind != "card":
        raise invalid(f"The sandbox does not have the payment method type {kind}.", param="type")
    if "token" in details:
        return referred_to(work, details["token"], param="card[token]")
    return _typed_card(work, details, billing)


def add_card(work: Work, card: Card, *, month: int, year: int, billing: Json | None = None) -> Json:
    """Keep a card."""
    details = {
        "brand": card.brand,
        "checks": {
            "address_line1_check": None,
            "address_postal_code_check": None,
            "cvc_check": "pass",
        },
        "country": card.country,
        "display_brand": card.brand,
        "exp_month": month,
        "exp_year": year,
        "fingerprint": f"sandbox{card.number[-9:]}",
        "funding": card.funding,
        "generated_from": None,
        "last4": card.last4,
        "networks": {"available": [card.brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }
    return _add(work, "card", details, billing, {"number": card.number})


def add_sepa(work: Work, iban: str, *, billing: Json | None = None) -> Json:
    """Keep an account to debit in the euro area."""
    number = iban.replace(" ", "").upper()
    details = {
        "bank_code": number[4:9],
        "branch_code": None,
        "country": number[:2],
        "fingerprint": f"sandbox{number[-9:]}",
        "generated_from": {"charge": None, "setup_attempt": None},
        "last4": number[-4:],
    }
    return _add(work, "sepa_debit", details, billing, {"number": number})


def add_acss(work: Work, details: Json, *, billing: Json | None = None) -> Json:
    """Keep an account to debit in Canada."""
    number = str(details.get("account_number", ""))
    shown = {
        "bank_name": "Banque d’essai",
        "fingerprint": f"sandbox{number[-9:]}",
        "institution_number": str(details.get("institution_number", "")),
        "last4": number[-4:],
        "transit_number": str(details.get("transit_number", "")),
    }
    return _add(work, "acss_debit", shown, billing, {"number": number})


def add_other(work: Work, kind: str, details: Json, *, billing: Json | None = None) -> Json:
    """Keep a method that has no account of its own, such as Bancontact."""
    return _add(work, kind, details, billing, {})


def shared(work: Work, params: Json) -> Json:
    """Copy a customer's method from the platform to this account. What its bank was asked stays behind."""
    if work.is_platform:
        raise invalid("You can only share a payment method with a connected account.", param="payment_method")
    if "customer" not in params:
        raise invalid("Missing required param: customer.", param="customer", code="parameter_missing")
    platform = work.as_account(work.platform)
    customer = platform.get("customer", params["customer"], param="customer")
    method = platform.get("payment_method", params["payment_method"], param="payment_method")
    if method["customer"] != customer["id"]:
        message = "The payment method you provided is not attached to the customer."
        raise invalid(message, param="payment_method")
    number = platform.hidden(method["id"]).get("number")
    hidden = {"number": number} if number else {}
    return _add(work, method["type"], method[method["type"]], method["billing_details"], hidden)


def card_of(work: Work, method: Json) -> Card:
    """Return the test card behind a method."""
    return cards.by_number(work.hidden(method["id"])["number"])


def attach(work: Work, method: Json, customer: str) -> Json:
    """Save a method for a customer. Raises ApiError when the card will not have it."""
    work.get("customer", customer, param="customer")
    if method["customer"] == customer:
        return method
    if method["customer"] is not None:
        message = "The payment method you provided has already been attached to a customer."
        raise invalid(message, param="payment_method")
    if method["type"] == "card":
        card = card_of(work, method)
        if not card.attaches and card.decline:
            raise ApiError(
                402,
                card.decline.message,
                kind="card_error",
                code=card.decline.code,
                details={"decline_code": card.decline.reason},
            )
    saved = work.save(method | {"customer": customer})
    work.emit("payment_method.attached", saved)
    return saved


def _typed_card(work: Work, details: Json, billing: Json | None) -> Json:
    number = str(details.get("number", "")).replace(" ", "")
    if not cards.is_number(number):
        raise ApiError(
            402,
            "Your card number is incorrect.",
            kind="card_error",
            code="incorrect_number",
            param="number",
        )
    month, year = int(details.get("exp_month", 0)), int(details.get("exp_year", 0))
    year += 2000 if year < 100 else 0
    if not 1 <= month <= 12:
        raise _bad_expiry("exp_month", "month")
    if cards.is_past(month, year, datetime.fromtimestamp(work.now, UTC).date()):
        raise _bad_expiry("exp_year", "year")
    return add_card(work, cards.by_number(number), month=month, year=year, billing=billing)


def _bad_expiry(param: str, noun: str) -> ApiError:
    message = f"Your card's expiration {noun} is invalid."
    return ApiError(402, message, kind="card_error", code=f"invalid_expiry_{noun}", param=param)


def _add(work: Work, kind: str, details: Json, billing: Json | None, hidden: Json) -> Json:
    given = billing or {}
    body = {
        "id": new_id("pm"),
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": {
            "address": EMPTY_ADDRESS | (given.get("address") or {}),
            "email": given.get("email") or None,
            "name": given.get("name") or None,
            "phone": given.get("phone") or None,
            "tax_id": None,
        },
        kind: details,
        "created": work.now,
        "customer": None,
        "customer_account": None,
        "livemode": False,
        "metadata": {},
        "type": kind,
    }
    return work.add(body, hidden)


def _year(work: Work) -> int:
    return datetime.fromtimestamp(work.now, UTC).year
