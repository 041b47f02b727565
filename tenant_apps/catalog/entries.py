"""Every offering that families see, in as few columns as the filters, their counts and the order need."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Greatest

from kernel.folding import fold
from tenant_apps.catalog import search, timing
from tenant_apps.catalog.cards import Availability
from tenant_apps.catalog.models import Offering, Option
from tenant_apps.catalog.visibility import shown
from tenant_apps.organisation.models import Establishment, Level


@dataclass(frozen=True, slots=True)
class Entry:
    """`levels`, `establishments` and `category` are codes; none of the first two is all of them.

    `is_reserved`: to its establishments' own participants. `has_rules`: who may take it depends on more than the lists.
    """

    id: UUID
    title: str
    nature: str
    category: str
    tags: Sequence[str]
    levels: Sequence[str]
    establishments: Sequence[str]
    is_reserved: bool
    has_rules: bool
    starts_on: date | None
    ends_on: date | None
    opens_at: datetime | None
    windows: Sequence[Any]
    availability: Availability
    is_found: bool

    def takes_place(self, first: date | None, last: date | None) -> bool:
        end = self.ends_on or self.starts_on
        return not (
            (first and (end is None or end < first)) or (last and (self.starts_on is None or self.starts_on > last))
        )

    def next_opening(self, at: datetime) -> datetime:
        """When it opens to somebody; only of what opens later."""
        moments = [datetime.fromisoformat(each["opens_at"]) for each in self.windows] or [at]
        own = [self.opens_at] if self.opens_at else []
        return max([min(moment for moment in moments), *own])


_ORDER = {Availability.OPEN: 0, Availability.OPENS_LATER: 1, Availability.FULL: 2, Availability.CLOSED: 3}
_COLUMNS = (
    *("id", "title", "nature", "category_slug", "tags", "level_codes", "establishment_codes"),
    *("reserved_to_establishments", "has_rules", "starts_on", "ends_on", "opens_first", "windows"),
)
_STATES = ("in_time", "opens_later", "has_options", "has_choice", "has_place", "is_found")


def entries(*, words: Sequence[str] = (), at: datetime, zone: ZoneInfo, full: Collection[UUID]) -> list[Entry]:
    """What can be taken first, then what opens, what is full and what is closed, each by date; in one query.

    `full`: the options without a place left, which are counted in a room above. Where there are `words`, `is_found`
    says which entries hold them all.
    """
    rows = _judged(_described(Offering.objects.filter(shown(at=at))), words, at, zone, full).order_by()
    found = [_entry(row) for row in rows.values_list(*_COLUMNS, *_STATES)]
    return sorted(found, key=lambda each: _place(each, words))


def _entry(row: tuple[Any, ...]) -> Entry:
    told = (*row[: len(_COLUMNS)], _availability(*row[len(_COLUMNS) : -1]), row[-1])
    return Entry(*told)


def texts(*, at: datetime) -> QuerySet[Offering, str]:
    """All that keywords are looked for in."""
    return Offering.objects.filter(shown(at=at)).order_by().values_list("search_text", flat=True)


def _place(entry: Entry, words: Sequence[str]) -> tuple[int, bool, date, str]:
    """A title that says what is looked for comes before a text that does. The database sorts « É » after « Z »."""
    title = fold(entry.title)
    is_about = any(word in title for word in words)
    return (_ORDER[entry.availability], not is_about, entry.starts_on or date.max, title)


def _described(offerings: QuerySet[Offering]) -> QuerySet[Any]:
    asking = Option.objects.filter(offering=OuterRef("pk")).exclude(requirements=[])
    return offerings.annotate(
        level_codes=ArraySubquery(Level.objects.filter(offerings=OuterRef("pk")).order_by().values("code")),
        establishment_codes=ArraySubquery(
            Establishment.objects.filter(offerings=OuterRef("pk")).order_by().values("code")
        ),
        # The later of the two; where one is null, the other.
        opens_first=Greatest("opens_at", "opening__opens_at"),
        category_slug=Coalesce("category__slug", Value("")),
        has_rules=_boolean(~Q(requirements=[]) | ~Q(windows=[]) | Q(Exists(asking))),
    )


def _judged(
    offerings: QuerySet[Any], words: Sequence[str], at: datetime, zone: ZoneInfo, full: Collection[UUID]
) -> QuerySet[Any]:
    options = Option.objects.filter(offering=OuterRef("pk")).order_by()
    takeable = options.filter(timing.options_in_time(at=at, zone=zone))
    judged: QuerySet[Any] = offerings.annotate(
        in_time=_boolean(timing.in_time(at=at, zone=zone)),
        opens_later=_boolean(timing.opens_later(at=at, zone=zone)),
        has_options=Exists(options),
        has_choice=Exists(takeable),
        has_place=Exists(takeable.exclude(pk__in=list(full))) if full else Exists(takeable),
        is_found=_boolean(holding(words)) if words else Value(True),
    )
    return judged


def holding(words: Sequence[str]) -> Q:
    """The offerings that hold every one of these folded words, whatever its ending, or something that it begins."""
    found = Q()
    for word in words:
        of_stem = Offering.objects.annotate(matches=search.matches(word)).filter(matches=True).order_by().values("pk")
        found &= Q(search_text__contains=word) | Q(pk__in=of_stem)
    return found


def _boolean(condition: Q) -> Combinable:
    return ExpressionWrapper(condition, output_field=BooleanField())


def _availability(
    in_time: bool | None, opens_later: bool | None, has_options: bool, has_choice: bool, has_place: bool
) -> Availability:
    if not in_time:
        return Availability.OPENS_LATER if opens_later else Availability.CLOSED
    if has_options and not has_choice:
        return Availability.CLOSED
    return Availability.FULL if has_options and not has_place else Availability.OPEN
