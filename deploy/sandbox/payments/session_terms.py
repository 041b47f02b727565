"""What a Checkout Session is opened for: its lines, its kinds of payment, its time."""

from deploy.sandbox.clock import DAY, MINUTE
from deploy.sandbox.errors import ApiError, Json, invalid
from deploy.sandbox.ids import new_id
from deploy.sandbox.money import check_currency
from deploy.sandbox.payments import accounts, catalog
from deploy.sandbox.work import Work

_CURRENCIES_OF = {
    "bancontact": ("eur",),
    "sepa_debit": ("eur",),
    "acss_debit": ("cad", "usd"),
}
HOSTED, EMBEDDED = "hosted_page", "embedded_page"
# Which address a page must be given, and which it may not.
_ADDRESSES = {
    HOSTED: ("success_url", ("return_url", "redirect_on_completion")),
    EMBEDDED: ("return_url", ("success_url", "cancel_url")),
}
_SHORTEST, _LONGEST = 30 * MINUTE, DAY
# A request takes a moment to arrive; the real one is as lenient.
_SLACK = MINUTE


def method_types(work: Work, params: Json, currency: str | None) -> list[str]:
    """Return the kinds of payment a page offers: those asked for, where the currency has them."""
    if params.get("mode") == "setup":
        return ["card"]
    asked = params.get("allowed_payment_method_types") or accounts.default_methods(work, currency)
    refused = params.get("excluded_payment_method_types") or ()
    known = {"card": None} | _CURRENCIES_OF
    kinds = [
        kind for kind in asked if kind in known and kind not in refused and currency in (known[kind] or (currency,))
    ]
    if not kinds:
        message = "No valid payment method types for this Checkout Session."
        raise invalid(message, param="allowed_payment_method_types")
    return kinds


def check_addresses(params: Json) -> None:
    """Refuse addresses the payer cannot be sent to."""
    mode = params.get("ui_mode", HOSTED)
    if mode not in (HOSTED, EMBEDDED):
        raise _not_here("ui_mode", "The sandbox has the hosted page and the embedded page only.")
    if params.get("redirect_on_completion", "always") != "always":
        raise _not_here("redirect_on_completion", "The sandbox always sends the payer back.")
    needed, refused = _ADDRESSES[mode]
    for name in refused:
        if name in params:
            raise invalid(f"You can not pass `{name}` when `ui_mode` is `{mode}`.", param=name)
    if needed not in params:
        raise invalid(f"Missing required param: {needed}.", param=needed, code="parameter_missing")
    for name in ("success_url", "cancel_url", "return_url"):
        address = params.get(name)
        if address is not None and not address.startswith(("http://", "https://")):
            message = "Invalid URL: An explicit scheme (such as https) must be provided."
            raise invalid(message, param=name, code="url_invalid")


def _not_here(param: str, message: str) -> ApiError:
    return ApiError(501, message, kind="api_error", code="not_in_sandbox", param=param)


def customer(work: Work, params: Json) -> str | None:
    """Return the customer that is named, and see that it exists."""
    if "customer" not in params:
        return None
    if "customer_email" in params:
        message = "You may only specify one of these parameters: customer, customer_email."
        raise invalid(message, param="customer_email")
    return str(work.get("customer", params["customer"], param="customer")["id"])


def items(work: Work, params: Json) -> list[Json]:
    """Return the lines a page shows."""
    lines = params.get("line_items") or []
    if params["mode"] == "setup":
        if lines:
            raise invalid("You can not pass `line_items` in `setup` mode.", param="line_items")
        return []
    if not lines:
        message = "Missing required param: line_items."
        raise invalid(message, param="line_items", code="parameter_missing")
    items = [_item(work, line, position) for position, line in enumerate(lines)]
    recurring = [item for item in items if item["price"]["type"] == "recurring"]
    if params["mode"] == "payment" and recurring:
        message = "You specified `payment` mode but passed a recurring price."
        raise invalid(message, param="line_items")
    if params["mode"] == "subscription" and not recurring:
        message = "You must provide at least one recurring price in `subscription` mode."
        raise invalid(message, param="line_items")
    return items


def _item(work: Work, line: Json, position: int) -> Json:
    price = catalog.price_of_line(work, line, position)
    metered = price["recurring"] and price["recurring"]["usage_type"] == "metered"
    quantity = line.get("quantity", 0 if metered else None)
    if quantity is None or quantity < 0:
        name = f"line_items[{position}][quantity]"
        raise invalid(f"Missing required param: {name}.", param=name, code="parameter_missing")
    amount = (price["unit_amount"] or 0) * quantity
    product = work.get("product", price["product"])
    return {
        "id": new_id("li"),
        "object": "item",
        "adjustable_quantity": None,
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": price["currency"],
        "description": product["name"],
        "metadata": {},
        "price": price,
        "quantity": quantity,
    }


def currency_of(params: Json, items: list[Json]) -> str | None:
    """Return the one currency of all lines."""
    currencies = {item["currency"] for item in items} | {params[n] for n in ("currency",) if n in params}
    if len(currencies) > 1:
        message = "All prices on a Checkout Session must use the same currency."
        raise invalid(message, param="line_items")
    currency = next(iter(currencies), None)
    if currency is not None:
        check_currency(currency)
    return currency


def expiry(work: Work, params: Json) -> int:
    """Return when the page closes by itself."""
    wanted: int = params.get("expires_at", work.now + _LONGEST)
    if wanted < work.now + _SHORTEST - _SLACK:
        message = "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation."
        raise invalid(message, param="expires_at")
    if wanted > work.now + _LONGEST + _SLACK:
        message = "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation."
        raise invalid(message, param="expires_at")
    return wanted
