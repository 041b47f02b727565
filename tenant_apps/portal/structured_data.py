"""What search engines read of an offering: schema.org's words for its nature, in a data block that runs nothing."""

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from tenant_apps.catalog.cards import Availability, OfferingCard
from tenant_apps.catalog.models import Nature, Offering, Option

_ESCAPED = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
_TYPES = {
    Nature.COURSE: "Course",
    Nature.MEALS: "Product",
    Nature.FUNDRAISING: "Product",
    Nature.MEMBERSHIP: "Product",
    # Nothing is sold, and nothing takes place.
    Nature.CONSENT: "WebPage",
    Nature.CONTRIBUTION: "WebPage",
}
_AVAILABILITY = {
    Availability.OPEN: "InStock",
    Availability.OPENS_LATER: "PreOrder",
    Availability.FULL: "SoldOut",
    Availability.CLOSED: "OutOfStock",
}


def of_offering(card: OfferingCard, *, url: str, organiser: str, currency: str, picture_url: str = "") -> SafeString:
    """`url` and `picture_url` are whole addresses."""
    offering = card.offering
    kind = _TYPES.get(Nature(offering.nature), "Event")
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": kind,
        "name": offering.shown("title"),
        "description": offering.shown("summary"),
        "inLanguage": offering.language_of("title"),
        "url": url,
        **({"image": picture_url} if picture_url else {}),
    }
    who = {"@type": "Organization", "name": organiser}
    offers = list(_offers(offering, card=card, currency=currency, url=url))
    if kind == "Event":
        data |= {"organizer": who, "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode"}
        data |= {"eventStatus": "https://schema.org/EventScheduled", "offers": offers, **_when_and_where(offering)}
    elif kind == "Course":
        data |= {"provider": who, "offers": offers, "hasCourseInstance": list(_groups(offering))}
    elif kind == "Product":
        data |= {"brand": who, "offers": offers}
    text = json.dumps(data, ensure_ascii=False).translate(_ESCAPED)
    return mark_safe(text)  # noqa: S308 - no character is left that could end the block


def _offers(offering: Offering, *, card: OfferingCard, currency: str, url: str) -> Iterable[dict[str, Any]]:
    for option in _offered(offering):
        yield {
            "@type": "Offer",
            "name": option.shown("name"),
            "price": str(Decimal(option.price_cents).scaleb(-2)),
            "priceCurrency": currency,
            "availability": f"https://schema.org/{_AVAILABILITY[card.availability]}",
            **({"category": "Free"} if not option.price_cents else {}),
            **({"validFrom": offering.opens_at.isoformat()} if offering.opens_at else {}),
            "url": url,
        }


def _groups(offering: Offering) -> Iterable[dict[str, Any]]:
    """Each group of a course, with the times at which it meets."""
    for option in _offered(offering):
        yield {
            "@type": "CourseInstance",
            "name": option.shown("name"),
            "courseMode": "onsite",
            **_when_and_where(offering, option),
        }


def _offered(offering: Offering) -> list[Option]:
    return [option for option in offering.options.all() if option.is_offered]


def _when_and_where(offering: Offering, option: Option | None = None) -> dict[str, Any]:
    dated = option if option and option.starts_on else offering
    found: dict[str, Any] = {}
    if dated.starts_on:
        found = {"startDate": dated.starts_on.isoformat(), "endDate": (dated.ends_on or dated.starts_on).isoformat()}
    places = list(offering.establishments.all())
    if len(places) == 1:
        found["location"] = {"@type": "Place", "name": places[0].name, "address": places[0].address}
    return found
