"""What a customer has used, counted by meters."""

from decimal import ROUND_HALF_UP, Decimal

from deploy.sandbox.errors import Json
from deploy.sandbox.work import Work


def usage(work: Work, meter: Json, customer: str, period: tuple[int, int]) -> Decimal:
    """Return what a meter says for a customer, from a moment until another."""
    start, end = period
    key = meter["customer_mapping"]["event_payload_key"]
    value = meter["value_settings"]["event_payload_key"]
    found = [
        Decimal(event["payload"].get(value, "1"))
        for event in work.where("billing.meter_event", event_name=meter["event_name"])
        if event["payload"].get(key) == customer and start <= event["timestamp"] < end
    ]
    match meter["default_aggregation"]["formula"]:
        case "count":
            return Decimal(len(found))
        case "last":
            return found[-1] if found else Decimal(0)
        case _:
            return sum(found, Decimal(0))


def priced(quantity: Decimal, price: Json, tiers: list[Json]) -> int:
    """Return what a quantity costs, in the currency's smallest unit; each tier of a graduated price for its part."""
    amount, below = Decimal(0), Decimal(0)
    for tier in tiers or [{"up_to": "inf", "unit_amount": price["unit_amount_decimal"]}]:
        limit = quantity if tier["up_to"] == "inf" else min(quantity, Decimal(tier["up_to"]))
        amount += max(limit - below, Decimal(0)) * Decimal(tier["unit_amount"])
        below = max(limit, below)
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))
