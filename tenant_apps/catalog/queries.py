"""Reads the catalogue: what families see, narrowed, counted and judged at a moment."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from kernel import folding
from kernel.kept import kept, only
from tenant_apps.catalog import search
from tenant_apps.catalog.beside import read_along
from tenant_apps.catalog.cards import OfferingCard, card
from tenant_apps.catalog.entries import Entry, entries, texts
from tenant_apps.catalog.filters import Filters
from tenant_apps.catalog.models import Category, Offering
from tenant_apps.catalog.shelf import Shelf
from tenant_apps.catalog.timing import in_time
from tenant_apps.catalog.visibility import shown
from tenant_apps.organisation.models import Establishment, Level

# What a page of an offering shows beside it.
_ROWS = ("payee", "category", "season", "opening")
_LISTS = ("options", "levels", "establishments")

# How many places are left, by option: the count is kept in a room above this one.
PlacesLeft = Callable[[Iterable[UUID]], Mapping[UUID, int | None]]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters can be set to."""

    levels: list[Level]
    establishments: list[Establishment]
    categories: list[Category]


@dataclass(frozen=True, slots=True)
class Listing:
    """`entries` are all that families see, in order. `corrected`: the keywords looked for instead of those typed."""

    entries: Sequence[Entry]
    corrected: str = ""


def published(*, at: datetime) -> QuerySet[Offering]:
    """What families see at that moment, whether or not it may be taken."""
    return Offering.objects.filter(shown(at=at))


def offering(slug: str, *, at: datetime) -> Offering:
    """Raises Offering.DoesNotExist for what families do not see."""
    found = only(_called(slug, at))
    if found is None:
        raise Offering.DoesNotExist
    read_along([found], *_LISTS)
    return found


@kept
def _called(slug: str, at: datetime) -> QuerySet[Offering]:
    return published(at=at).filter(slug=slug).select_related(*_ROWS).order_by()


def is_anything_open(*, at: datetime, zone: ZoneInfo) -> bool:
    """Is it a time of registrations, for anything at all? Whether places are left is another matter."""
    return Offering.objects.filter(in_time(at=at, zone=zone)).exists()


def choices(*, at: datetime, shelf: Shelf | None = None) -> Choices:
    return (shelf or Shelf()).get("choices", lambda: _choices(at))


def _choices(at: datetime) -> Choices:
    return Choices(
        levels=list(Level.objects.all()),
        establishments=list(Establishment.objects.all()),
        categories=list(Category.objects.filter(shown(at=at, via="offering__")).distinct()),
    )


def listing(
    filters: Filters, *, at: datetime, zone: ZoneInfo, full: Collection[UUID], shelf: Shelf | None = None
) -> Listing:
    """Everything, with what the keywords find; words that nothing holds are replaced by the likest that something does.

    `full`: the options without a place left.
    """
    words = folding.words(filters.keywords)
    if not words:
        key = ("entries", frozenset(full))
        return Listing((shelf or Shelf()).get(key, lambda: entries(at=at, zone=zone, full=full)))
    found = entries(words=words, at=at, zone=zone, full=full)
    if any(entry.is_found for entry in found):
        return Listing(found)
    likely = search.corrected(words, texts(at=at))
    if likely == words:
        return Listing(found)
    again = entries(words=likely, at=at, zone=zone, full=full)
    return Listing(again, " ".join(likely)) if any(entry.is_found for entry in again) else Listing(found)


def cards(
    ids: Sequence[UUID], *, at: datetime, zone: ZoneInfo, places_left: PlacesLeft, shelf: Shelf | None = None
) -> list[OfferingCard]:
    """In the order of the ids."""
    read = (shelf or Shelf()).get(("offerings", *ids), lambda: _read(ids))
    shown = [read[each] for each in ids if each in read]
    places = places_left([option.id for offering in shown for option in offering.options.all()])
    return [card(offering, places=places, at=at, zone=zone) for offering in shown]


def _read(ids: Sequence[UUID]) -> dict[UUID, Offering]:
    return {offering.id: offering for offering in _with_all(Offering.objects.filter(pk__in=ids).order_by())}


def _with_all(offerings: QuerySet[Offering]) -> QuerySet[Offering]:
    return offerings.select_related(*_ROWS).prefetch_related(*_LISTS)
