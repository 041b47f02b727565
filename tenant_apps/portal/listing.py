"""The catalogue as one visitor sees it: what passes their filters, and what each of their children may take of it."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from tenant_apps.catalog import audiences, facets, queries
from tenant_apps.catalog.cards import OfferingCard
from tenant_apps.catalog.eligibility import Eligibility
from tenant_apps.catalog.facets import Counts
from tenant_apps.catalog.filters import Filters
from tenant_apps.catalog.models import Offering
from tenant_apps.catalog.queries import Choices
from tenant_apps.catalog.reasons import Reason
from tenant_apps.catalog.shelf import Shelf
from tenant_apps.families.models import Participant
from tenant_apps.registrations.pricing import quotes_for
from tenant_apps.registrations.queries import full_options, places_left


@dataclass(frozen=True, slots=True)
class Visit:
    """Who looks, and for whom: nobody in particular, all of their children, or one. `shows_all`: what is not for that
    one too.
    """

    guardian_id: UUID | None = None
    children: Sequence[Participant] = ()
    child: Participant | None = None
    shows_all: bool = False

    @property
    def participants(self) -> Sequence[Participant]:
        return [self.child] if self.child else self.children


@dataclass(frozen=True, slots=True)
class Listed:
    """`alike`: the same for all who are shown the same counts; None where they are of one child."""

    counts: Counts
    choices: Choices
    corrected: str
    alike: Hashable | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a child may do here: `reason` is None where nothing stands against it but what stands against everybody."""

    participant: Participant
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class Item:
    """`prices_cents`: what the family's children would pay, of those whom it is for; empty where all pay the same."""

    card: OfferingCard
    answers: Sequence[Answer] = field(default_factory=tuple)
    prices_cents: Sequence[int] = field(default_factory=tuple)

    @property
    def price_cents(self) -> int:
        return min(self.prices_cents, default=self.card.price_from_cents)

    @property
    def has_several_prices(self) -> bool:
        return self.card.has_several_prices or len(set(self.prices_cents)) > 1

    @property
    def welcome(self) -> list[Participant]:
        return [answer.participant for answer in self.answers if answer.reason is None]

    @property
    def refused(self) -> list[Answer]:
        return [answer for answer in self.answers if answer.reason is not None]

    @property
    def refused_in_words(self) -> list[tuple[bool, list[Answer]]]:
        """Those whom it is not for, then those who have something to do first."""
        halves = [(kind, [each for each in self.refused if bool(each.reason.action) is kind]) for kind in (False, True)]  # type: ignore[union-attr]
        return [(kind, answers) for kind, answers in halves if answers]


def listed(filters: Filters, visit: Visit, *, at: datetime, zone: ZoneInfo, shelf: Shelf) -> Listed:
    choices = queries.choices(at=at, shelf=shelf)
    full = full_options(at=at)
    found = queries.listing(filters, at=at, zone=zone, full=full, shelf=shelf)
    if visit.child and not visit.shows_all:
        others = audiences.for_others(
            found.entries,
            visit.child,
            levels=choices.levels,
            establishments=choices.establishments,
            guardian_id=visit.guardian_id,
            at=at,
            zone=zone,
            shelf=shelf,
        )
        return Listed(facets.count(found.entries, filters, for_others=others), choices, found.corrected, None)
    alike = (filters, frozenset(full))
    counts = shelf.get(("counts", *alike), lambda: facets.count(found.entries, filters))
    return Listed(counts, choices, found.corrected, alike)


def items(ids: Sequence[UUID], visit: Visit, *, at: datetime, zone: ZoneInfo, shelf: Shelf) -> list[Item]:
    cards = queries.cards(ids, at=at, zone=zone, places_left=places_left, shelf=shelf)
    if not visit.participants:
        return [Item(card) for card in cards]
    offerings = [card.offering for card in cards]
    known = Eligibility.of(offerings, visit.participants, guardian_id=visit.guardian_id, at=at, zone=zone)
    found = [Item(card, [_answer(card, each, known) for each in visit.participants]) for card in cards]
    return _priced(found, visit, at=at)


def _priced(found: Sequence[Item], visit: Visit, *, at: datetime) -> list[Item]:
    """With the family's own prices, where a price depends on who pays it."""
    asked = [
        (item, (participant, item.card.cheapest, 1, None))
        for item in found
        if item.card.cheapest and has_own_prices(item.card.offering)
        for participant in item.welcome
    ]
    quotes = quotes_for(visit.guardian_id, [wanted for _, wanted in asked], at=at) if asked else []
    prices: dict[UUID, list[int]] = {}
    for (item, _), quote in zip(asked, quotes, strict=True):
        prices.setdefault(item.card.offering.id, []).append(quote.price_cents)
    return [replace(item, prices_cents=prices.get(item.card.offering.id, ())) for item in found]


def has_own_prices(offering: Offering) -> bool:
    return bool(offering.pricing.get("rules") or offering.pricing.get("family"))


def _answer(card: OfferingCard, participant: Participant, known: Eligibility) -> Answer:
    """What the card says to everybody is not said again for each child."""
    shared = {reason.code for reason in known.of_offering(card.offering, None)}
    reasons = (reason for reason in known.of_all(card.offering, participant) if reason.code not in shared)
    return Answer(participant, next(reasons, None))
