"""What takes place in a month, day by day: the weeks of camps, the meetings of courses, the days of outings."""

from calendar import Calendar
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q

from tenant_apps.catalog.models import Offering, Option

# Longer than this, only its first day is shown: a whole autumn on each of its days hides everything else.
_LONGEST = timedelta(days=14)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Occasion:
    """`name` is the option's, where it is not the offering's own title; `hours` of a meeting."""

    offering: Offering
    name: str = ""
    hours: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Day:
    on: date
    is_in_month: bool
    is_today: bool
    occasions: Sequence[Occasion]


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    weeks: Sequence[Sequence[Day]]
    has_any: bool
    before: date | None = None
    after: date | None = None
    names: Sequence[date] = field(default_factory=tuple)


def of(offering_ids: Collection[UUID], *, said: str, today: date) -> Month:
    """The month that the address says, « 2026-07 », else this one; in two queries."""
    first = _first(said) or today.replace(day=1)
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    by_day = _by_day(offering_ids, weeks[0][0], weeks[-1][-1])
    days = [[Day(day, day.month == first.month, day == today, by_day.get(day, ())) for day in week] for week in weeks]
    return Month(
        first=first,
        weeks=days,
        has_any=any(day.occasions for week in days for day in week if day.is_in_month),
        before=_month(first, -1),
        after=_month(first, 1),
        names=weeks[0],
    )


def _first(said: str) -> date | None:
    try:
        found = date.fromisoformat(f"{said}-01")
    except ValueError:
        return None
    # A week of the month may begin in the year before, or end in the one after.
    return found if date.min.year < found.year < date.max.year else None


def _month(first: date, by: int) -> date | None:
    return _first(f"{first.year + (first.month - 1 + by) // 12:04}-{(first.month - 1 + by) % 12 + 1:02}")


def _by_day(offering_ids: Collection[UUID], first: date, last: date) -> dict[date, list[Occasion]]:
    offerings = Offering.objects.filter(pk__in=list(offering_ids)).order_by("starts_on", "title")
    dated = Option.objects.filter(~Q(meetings=[]) | Q(starts_on__isnull=False), offering_id__in=list(offering_ids))
    by_offering: dict[UUID, list[Option]] = defaultdict(list)
    for option in dated.filter(is_offered=True):
        by_offering[option.offering_id].append(option)
    found: dict[date, list[Occasion]] = defaultdict(list)
    for offering in offerings.only("slug", "title", "translations", "starts_on", "ends_on"):
        for day, occasion in _occasions(offering, by_offering.get(offering.id, [])):
            if first <= day <= last and occasion not in found[day]:
                found[day].append(occasion)
    return {day: occasions for day, occasions in found.items() if occasions}


def _occasions(offering: Offering, options: Sequence[Option]) -> Iterator[tuple[date, Occasion]]:
    """The options' own days, else the offering's."""
    for option in options:
        name = "" if option.shown("name") == offering.shown("title") else option.shown("name")
        for meeting in option.meetings:
            hours = (meeting.get("from", ""), meeting.get("to", ""))
            yield date.fromisoformat(meeting["on"]), Occasion(offering, name, hours)
        if not option.meetings:
            for day in _days(option.starts_on, option.ends_on):
                yield day, Occasion(offering, name)
    if not options:
        for day in _days(offering.starts_on, offering.ends_on):
            yield day, Occasion(offering)


def _days(first: date | None, last: date | None) -> Iterator[date]:
    """A week of camp has no weekend in it; what lasts longer is told on its first day alone."""
    if first is None:
        return
    length = (last or first) - first
    if length > _LONGEST:
        yield first
        return
    for number in range(length.days + 1):
        day = first + timedelta(days=number)
        if day.weekday() < _SATURDAY or length.days <= 1 or number in (0, length.days):
            yield day
