"""What the page of a waiting room shows: where a family stands, what opens, and what may be prepared meanwhile."""

import time
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from kernel.database import connection
from tenant_apps.catalog import queries as catalog
from tenant_apps.catalog.cards import OfferingCard
from tenant_apps.families.models import Guardian
from tenant_apps.openings import ordering, queries
from tenant_apps.openings.models import Opening, Ticket
from tenant_apps.openings.queries import Turn, turn_of
from tenant_apps.openings.terms import terms_of
from tenant_apps.organisation.models import Profile
from tenant_apps.portal import to_do
from tenant_apps.registrations.models import PlaceRequest, RequestStatus
from tenant_apps.registrations.queries import places_left

# As long as what is left is shown to everybody who looks: a page of a queue is looked at by thousands.
_KEPT_SECONDS = 3.0
_MOST_KEPT = 50
_kept: dict[tuple[str, UUID], tuple[float, list[OfferingCard]]] = {}


@dataclass(frozen=True)
class Room:
    """`turn` is None for who has no ticket; `commitment` is what is published before the draw, `seed` after it."""

    opening: Opening
    ticket: Ticket | None
    turn: Turn | None
    is_over: bool
    gathers: bool
    has_opened: bool
    seconds_left: int
    ahead: int
    minutes: int
    cards: list[OfferingCard]
    missing: int
    has_wishes: bool

    @property
    def commitment(self) -> str:
        return ordering.commitment(self.opening.seed)

    @property
    def seed(self) -> str:
        return self.opening.seed if self.opening.drawn_at else ""


def of(opening: Opening, guardian: Guardian | None, *, at: datetime, profile: Profile) -> Room:
    ticket = queries.ticket_of(opening.id, guardian.id) if guardian else None
    turn = turn_of(ticket, at=at) if ticket else None
    is_over = bool(opening.ended_at and opening.ended_at <= at)
    prepares = guardian is not None and not is_over and turn in (None, Turn.GATHERING, Turn.WAITING)
    return Room(
        opening=opening,
        ticket=ticket,
        turn=turn,
        is_over=is_over,
        gathers=opening.gathers_from <= at,
        has_opened=opening.opens_at <= at,
        seconds_left=max(0, int((opening.opens_at - at).total_seconds())),
        ahead=queries.ahead_of(ticket) if ticket else 0,
        minutes=terms_of(opening).pass_minutes,
        cards=_cards(opening, at=at, zone=profile.zone),
        missing=_missing(guardian, at, profile) if prepares and guardian else 0,
        has_wishes=guardian is not None and turn is Turn.INSIDE and _has_wishes(opening, guardian),
    )


def forget() -> None:
    _kept.clear()


def _cards(opening: Opening, *, at: datetime, zone: ZoneInfo) -> list[OfferingCard]:
    key, now = (connection.schema_name, opening.id), time.monotonic()
    read_at, cards = _kept.get(key, (0.0, []))
    if not read_at or now - read_at > _KEPT_SECONDS:
        ids = list(catalog.published(at=at).filter(opening=opening).order_by("title").values_list("id", flat=True))
        cards = catalog.cards(ids, at=at, zone=zone, places_left=places_left)
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept[key] = (now, cards)
    return cards


def _has_wishes(opening: Opening, guardian: Guardian) -> bool:
    wished = PlaceRequest.objects.filter(opening=opening, guardian=guardian, status=RequestStatus.WISHED)
    return wished.exists()


def _missing(guardian: Guardian, at: datetime, profile: Profile) -> int:
    """What would stop the family once it is its turn, and may be filled in now."""
    return sum(task.is_urgent for child in to_do.of_family(guardian, at=at, profile=profile) for task in child.tasks)
