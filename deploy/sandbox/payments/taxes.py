"""Taxes by the customer's address: a small table, for sellers who asked that they be reckoned."""

from decimal import ROUND_HALF_UP, Decimal

from deploy.sandbox.errors import Json
from deploy.sandbox.ids import new_id
from deploy.sandbox.work import Work

# (country, province) → the taxes there, by name and per cent. Elsewhere nothing is owed.
_RATES: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {
    ("CA", "QC"): (("TPS", "5"), ("TVQ", "9.975")),
    ("CA", "ON"): (("HST", "13"),),
    **{("CA", province): (("HST", "15"),) for province in ("NB", "NL", "PE")},
    ("CA", "NS"): (("HST", "14"),),
    **{("CA", province): (("GST", "5"),) for province in ("AB", "BC", "MB", "SK", "NT", "NU", "YT")},
    ("BE", ""): (("TVA", "21"),),
}


def of_invoice(work: Work, invoice: Json, amounts: list[int]) -> list[Json]:
    """Return what is owed on lines of these amounts, each line rounded by itself, one entry a tax."""
    if not invoice["automatic_tax"]["enabled"]:
        return []
    address = invoice["customer_address"] or {}
    country = address.get("country") or ""
    rates = _RATES.get((country, address.get("state") or ""), _RATES.get((country, ""), ()))
    return [_entry(work, name, Decimal(percent), country, amounts) for name, percent in rates]


def _entry(work: Work, name: str, percent: Decimal, country: str, amounts: list[int]) -> Json:
    owed = sum(int((amount * percent / 100).quantize(Decimal(1), rounding=ROUND_HALF_UP)) for amount in amounts)
    return {
        "amount": owed,
        "tax_behavior": "exclusive",
        "tax_rate_details": {"tax_rate": _rate(work, name, percent, country)["id"]},
        "taxability_reason": "standard_rated",
        "taxable_amount": sum(amounts),
        "type": "tax_rate_details",
    }


def _rate(work: Work, name: str, percent: Decimal, country: str) -> Json:
    found = work.where("tax_rate", display_name=name, percentage=float(percent))
    return found[0] if found else _new_rate(work, name, percent, country)


def _new_rate(work: Work, name: str, percent: Decimal, country: str) -> Json:
    return work.add(
        {
            "id": new_id("txr"),
            "object": "tax_rate",
            "active": True,
            "country": country,
            "created": work.now,
            "description": None,
            "display_name": name,
            "effective_percentage": float(percent),
            "flat_amount": None,
            "inclusive": False,
            "jurisdiction": country,
            "jurisdiction_level": None,
            "livemode": False,
            "metadata": {},
            "percentage": float(percent),
            "rate_type": "percentage",
            "state": None,
            "tax_type": None,
        }
    )
