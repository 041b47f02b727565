"""Reads the catalogue: what is published, narrowed and judged at a moment."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from kernel.folding import words
from tenant_apps.catalog.cards import Availability, OfferingCard, card
from tenant_apps.catalog.filters import Filters
from tenant_apps.catalog.models import Category, Offering
from tenant_apps.catalog.timing import in_time
from tenant_apps.catalog.visibility import shown
from tenant_apps.organisation.models import Establishment, Level

# How many places are left, by option: the count is kept in a room above this one.
PlacesLeft = Callable[[Iterable[UUID]], Mapping[UUID, int | None]]

_ORDER = {Availability.OPEN: 0, Availability.OPENS_LATER: 1, Availability.FULL: 2, Availability.CLOSED: 3}


@dataclass(frozen=True, slots=True)
class Facets:
    """What the filters can be set to."""

    levels: list[Level]
    establishments: list[Establishment]
    categories: list[Category]


def catalogue(filters: Filters, at: datetime, zone: ZoneInfo, places_left: PlacesLeft) -> list[OfferingCard]:
    """What can be taken first, then what opens, what is full and what is closed, each by date."""
    offerings = list(_with_all(published(at=at)).filter(_narrowed(filters)).distinct())
    places = places_left([option.id for offering in offerings for option in offering.options.all()])
    cards = [card(offering, places=places, at=at, zone=zone) for offering in offerings]
    if filters.open_only:
        cards = [each for each in cards if each.is_open]
    return sorted(cards, key=lambda each: _ORDER[each.availability])


def published(*, at: datetime) -> QuerySet[Offering]:
    """What families see at that moment, whether or not it may be taken."""
    return Offering.objects.filter(shown(at=at))


def offering(slug: str, *, at: datetime) -> Offering:
    """Raises Offering.DoesNotExist for what families do not see."""
    return _with_all(published(at=at)).get(slug=slug)


def is_anything_open(*, at: datetime, zone: ZoneInfo) -> bool:
    """Is it a time of registrations, for anything at all? Whether places are left is another matter."""
    return published(at=at).filter(in_time(at=at, zone=zone)).exists()


def facets(*, at: datetime) -> Facets:
    return Facets(
        levels=list(Level.objects.all()),
        establishments=list(Establishment.objects.all()),
        categories=list(Category.objects.filter(shown(at=at, via="offering__")).distinct()),
    )


def _with_all(offerings: QuerySet[Offering]) -> QuerySet[Offering]:
    return offerings.select_related("payee", "category", "season").prefetch_related(
        "options", "levels", "establishments"
    )


def _narrowed(filters: Filters) -> Q:
    """An offering that names no level or no establishment is for all of them."""
    narrowed = Q()
    if filters.level:
        narrowed &= Q(levels__code=filters.level) | Q(levels=None)
    if filters.establishment:
        narrowed &= Q(establishments__code=filters.establishment) | Q(establishments=None)
    if filters.category:
        narrowed &= Q(category__slug=filters.category)
    if filters.from_on:
        narrowed &= Q(ends_on__gte=filters.from_on) | Q(ends_on=None, starts_on__gte=filters.from_on)
    if filters.until_on:
        narrowed &= Q(starts_on__lte=filters.until_on)
    for word in words(filters.keywords):
        narrowed &= Q(search_text__contains=word)
    return narrowed
