"""An offering as a list shows it: what it is, when, how much, and whether it can be taken."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from tenant_apps.catalog import timing
from tenant_apps.catalog.models import Offering, Option
from tenant_apps.catalog.reasons import Code, Reason


class Availability(StrEnum):
    OPEN = "open"
    OPENS_LATER = "opens_later"
    FULL = "full"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class OfferingCard:
    """`places_left` is None where places are unlimited; `reason` is None for what is open.

    `cheapest`: of the options that may still be taken, or of all once none may.
    """

    offering: Offering
    availability: Availability
    reason: Reason | None
    cheapest: Option | None
    price_from_cents: int
    has_several_prices: bool
    places_left: int | None

    @property
    def is_open(self) -> bool:
        return self.availability is Availability.OPEN

    @property
    def is_free(self) -> bool:
        return self.price_from_cents == 0 and not self.has_several_prices

    @property
    def starts_on(self) -> date | None:
        return self.offering.starts_on


def card(offering: Offering, *, places: Mapping[UUID, int | None], at: datetime, zone: ZoneInfo) -> OfferingCard:
    """`places` says how many are left by option; an option that it does not name has no limit."""
    # What one gives of one's own will has no price, and says nothing of what the rest costs.
    every = [option for option in offering.options.all() if not option.is_voluntary]
    options = [option for option in every if not timing.of_option(option, at=at, zone=zone)]
    cheapest = min(options or every, key=lambda option: option.price_cents, default=None)
    left = _total([places.get(option.id) for option in options])
    against = timing.of_offering(offering, at=at, zone=zone)
    if every and not options:
        against += timing.of_option(every[-1], at=at, zone=zone)
    if left == 0:
        against.append(Reason(Code.FULL))
    reason = against[0] if against else None
    return OfferingCard(
        offering=offering,
        availability=_AVAILABILITY[reason.code] if reason else Availability.OPEN,
        reason=reason,
        cheapest=cheapest,
        price_from_cents=cheapest.price_cents if cheapest else 0,
        has_several_prices=len({option.price_cents for option in options or every}) > 1,
        places_left=left,
    )


_AVAILABILITY = {
    Code.NOT_PUBLISHED: Availability.CLOSED,
    Code.NOT_OPEN_YET: Availability.OPENS_LATER,
    Code.WISHES_FIRST: Availability.OPENS_LATER,
    Code.BEING_DRAWN: Availability.CLOSED,
    Code.WINDOW_CLOSED: Availability.CLOSED,
    Code.NOT_OFFERED: Availability.CLOSED,
    Code.DEADLINE_PASSED: Availability.CLOSED,
    Code.OVER: Availability.CLOSED,
    Code.FULL: Availability.FULL,
}


def _total(left: list[int | None]) -> int | None:
    known = [places for places in left if places is not None]
    return sum(known) if known and len(known) == len(left) else None
