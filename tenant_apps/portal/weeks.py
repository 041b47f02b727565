"""Options as a calendar of weeks: « Semaine 1, du lundi 6 au vendredi 10 juillet » and what may be taken in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Generic, Protocol, TypeVar

from tenant_apps.catalog.models import Nature, Offering, Option, Selection

_MONDAY_TO_FRIDAY = timedelta(days=4)


class Dated(Protocol):
    """A row of a page, about one option."""

    @property
    def option(self) -> Option: ...


Row = TypeVar("Row", bound=Dated)


@dataclass(frozen=True)
class Day(Generic[Row]):
    on: date
    rows: Sequence[Row]


@dataclass(frozen=True)
class Week(Generic[Row]):
    """`number` counts the weeks of the offering: week 1 is the first that it has."""

    number: int
    monday: date
    rows: Sequence[Row]

    @property
    def friday(self) -> date:
        return self.monday + _MONDAY_TO_FRIDAY

    @property
    def days(self) -> list[Day[Row]]:
        ordered = sorted(self.rows, key=lambda row: (_day(row.option), row.option.position))
        return [Day(on, list(rows)) for on, rows in groupby(ordered, key=lambda row: _day(row.option))]


def has_weeks(offering: Offering, options: Iterable[Option]) -> bool:
    """Is it a camp of weeks, or meals of days? What has no day, or lasts longer than a week, has no week either."""
    every = list(options)
    if not every or any(option.starts_on is None for option in every):
        return False
    if offering.selection == Selection.PER_WEEK:
        return True
    if offering.selection == Selection.QUANTITIES:
        return offering.nature == Nature.MEALS
    is_short = all(monday_of(option) == _monday(option.ends_on or _day(option)) for option in every)
    return offering.nature == Nature.CAMP and offering.selection == Selection.SEVERAL and is_short


def by_week(rows: Iterable[Row]) -> list[Week[Row]]:
    ordered = sorted(rows, key=lambda row: (monday_of(row.option), row.option.position))
    grouped = groupby(ordered, key=lambda row: monday_of(row.option))
    return [Week(number, monday, list(found)) for number, (monday, found) in enumerate(grouped, start=1)]


def monday_of(option: Option) -> date:
    return _monday(_day(option))


def same_place_in_the_week(option: Option) -> tuple[int, str]:
    """What two options of different weeks share: the same day, and the same thing on it."""
    day = _day(option)
    return day.weekday(), option.code or option.description or option.name


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _day(option: Option) -> date:
    if option.starts_on is None:
        raise ValueError("an option without a day is in no week")
    return option.starts_on
