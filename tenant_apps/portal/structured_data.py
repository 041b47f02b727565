"""What search engines read of an offering: a schema.org Event in a data block that runs nothing."""

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from tenant_apps.catalog.cards import OfferingCard
from tenant_apps.catalog.models import Offering, Option

_ESCAPED = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def of_offering(card: OfferingCard, *, url: str, organiser: str, currency: str) -> SafeString:
    offering = card.offering
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": offering.title,
        "description": offering.summary,
        "url": url,
        "organizer": {"@type": "Organization", "name": organiser},
        "offers": list(_offers(offering.options.all(), card=card, currency=currency, url=url)),
    }
    if offering.starts_on:
        data["startDate"] = offering.starts_on.isoformat()
        data["endDate"] = (offering.ends_on or offering.starts_on).isoformat()
    if place := _place(offering):
        data["location"] = place
    text = json.dumps(data, ensure_ascii=False).translate(_ESCAPED)
    return mark_safe(text)  # noqa: S308 - no character is left that could end the block


def _offers(options: Iterable[Option], *, card: OfferingCard, currency: str, url: str) -> Iterable[dict[str, Any]]:
    availability = "InStock" if card.is_open else "SoldOut"
    for option in options:
        yield {
            "@type": "Offer",
            "name": option.name,
            "price": str(Decimal(option.price_cents).scaleb(-2)),
            "priceCurrency": currency,
            "availability": f"https://schema.org/{availability}",
            "url": url,
        }


def _place(offering: Offering) -> dict[str, Any] | None:
    establishments = list(offering.establishments.all())
    if len(establishments) != 1:
        return None
    return {"@type": "Place", "name": establishments[0].name, "address": establishments[0].address}
