"""Products and prices, kept or made up on the spot for one line."""

from decimal import Decimal

from deploy.sandbox.errors import Json, invalid
from deploy.sandbox.ids import new_id
from deploy.sandbox.money import check_currency
from deploy.sandbox.work import Work


def add_product(work: Work, params: Json, *, active: bool = True) -> Json:
    """Keep a product."""
    return work.add(
        {
            "id": params.get("id") or new_id("prod", 14),
            "object": "product",
            "active": params.get("active", active),
            "created": work.now,
            "default_price": None,
            "description": params.get("description"),
            "images": params.get("images") or [],
            "livemode": False,
            "marketing_features": params.get("marketing_features") or [],
            "metadata": params.get("metadata") or {},
            "name": params["name"],
            "package_dimensions": None,
            "shippable": params.get("shippable"),
            "statement_descriptor": params.get("statement_descriptor"),
            "tax_code": params.get("tax_code"),
            "type": "service",
            "unit_label": params.get("unit_label"),
            "updated": work.now,
            "url": params.get("url"),
        }
    )


def add_price(work: Work, params: Json, *, active: bool = True) -> Json:
    """Keep a price; its product is named, or described on the spot."""
    check_currency(params["currency"])
    tiers = _tiers(params)
    unit, text = (None, None) if tiers else _unit_amount(params)
    recurring = params.get("recurring")
    price = work.add(
        {
            "id": new_id("price"),
            "object": "price",
            "active": params.get("active", active),
            "billing_scheme": params.get("billing_scheme", "per_unit"),
            "created": work.now,
            "currency": params["currency"],
            "custom_unit_amount": None,
            "livemode": False,
            "lookup_key": params.get("lookup_key"),
            "metadata": params.get("metadata") or {},
            "nickname": params.get("nickname"),
            "product": _product_of(work, params),
            "recurring": recurring and _recurring(recurring),
            "tax_behavior": params.get("tax_behavior", "unspecified"),
            "tiers_mode": "graduated" if tiers else None,
            "transform_quantity": None,
            "type": "recurring" if recurring else "one_time",
            "unit_amount": unit,
            "unit_amount_decimal": text,
        }
    )
    if tiers:
        work.hide(price["id"], tiers=tiers)
    return price


def tiers_of(work: Work, price: Json) -> list[Json]:
    """Return the tiers of a graduated price, which the API does not show by itself; none of another."""
    found: list[Json] = work.hidden(price["id"]).get("tiers") or []
    return found


def price_of_line(work: Work, line: Json, position: int) -> Json:
    """Return the price of a line, which names one or describes it."""
    name = f"line_items[{position}]"
    if "price" in line:
        price = work.get("price", line["price"], param=f"{name}[price]")
        if not price["active"]:
            message = f"The price specified is inactive: {price['id']}"
            raise invalid(message, param=f"{name}[price]")
        return price
    if "price_data" not in line:
        message = f"You must specify either `price` or `price_data` for `{name}`."
        raise invalid(message, param=name)
    return add_price(work, line["price_data"], active=False)


def _tiers(params: Json) -> list[Json]:
    if params.get("billing_scheme") != "tiered":
        return []
    tiers: list[Json] = params.get("tiers") or []
    if params.get("tiers_mode") != "graduated" or not tiers or tiers[-1]["up_to"] != "inf":
        raise invalid("The sandbox needs graduated tiers, the last one up to `inf`.", param="tiers")
    return tiers


def _unit_amount(params: Json) -> tuple[int | None, str]:
    unit = params.get("unit_amount")
    text = params.get("unit_amount_decimal")
    if (unit is None) == (text is None):
        message = "You must specify either `unit_amount` or `unit_amount_decimal`, and not both."
        raise invalid(message, param="unit_amount")
    if text is None:
        text = str(unit)
    elif Decimal(text) == int(Decimal(text)):
        unit = int(Decimal(text))
    if Decimal(text) < 0:
        message = "Invalid non-negative integer"
        raise invalid(message, param="unit_amount", code="parameter_invalid_integer")
    return unit, text


def _recurring(given: Json) -> Json:
    return {
        "interval": given["interval"],
        "interval_count": given.get("interval_count", 1),
        "meter": given.get("meter"),
        "trial_period_days": None,
        "usage_type": given.get("usage_type", "licensed"),
    }


def _product_of(work: Work, params: Json) -> str:
    if "product" in params:
        return str(work.get("product", params["product"], param="product")["id"])
    if "product_data" not in params:
        raise invalid("You must specify either `product` or `product_data`.", param="product")
    return str(add_product(work, params["product_data"])["id"])


def plan_of(price: Json) -> Json:
    """Return a recurring price as the older object that subscriptions still carry."""
    recurring = price["recurring"]
    return {
        "id": price["id"],
        "object": "plan",
        "active": price["active"],
        "amount": price["unit_amount"],
        "amount_decimal": price["unit_amount_decimal"],
        "billing_scheme": price["billing_scheme"],
        "created": price["created"],
        "currency": price["currency"],
        "interval": recurring["interval"],
        "interval_count": recurring["interval_count"],
        "livemode": False,
        "metadata": price["metadata"],
        "meter": recurring["meter"],
        "nickname": price["nickname"],
        "product": price["product"],
        "tiers_mode": None,
        "transform_usage": None,
        "trial_period_days": None,
        "usage_type": recurring["usage_type"],
    }
