"""Whose week is a day: custody by the weeks of ISO, counted from Monday, between two days or for ever."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any


class Weeks(StrEnum):
    ALL = "all"
    EVEN = "even"
    ODD = "odd"


_OTHERS = {Weeks.EVEN: Weeks.ODD, Weeks.ODD: Weeks.EVEN}


@dataclass(frozen=True, slots=True)
class Period:
    """`since` and `until` are days, both included; None is as far as one likes."""

    since: date | None
    until: date | None
    weeks: Weeks

    def has(self, day: date) -> bool:
        if (self.since and day < self.since) or (self.until and day > self.until):
            return False
        if self.weeks is Weeks.ALL:
            return True
        return (day.isocalendar().week % 2 == 0) == (self.weeks is Weeks.EVEN)


def read(data: Iterable[Mapping[str, Any]]) -> list[Period]:
    """What `Guardianship.custody` holds. Raises ValueError or KeyError for what no page writes."""
    return [Period(_day(each.get("from")), _day(each.get("until")), Weeks(each["weeks"])) for each in data]


def as_data(periods: Iterable[Period]) -> list[dict[str, Any]]:
    return [{"from": _text(each.since), "until": _text(each.until), "weeks": str(each.weeks)} for each in periods]


def has_day(periods: Iterable[Period], day: date) -> bool:
    return any(period.has(day) for period in periods)


def weeks_of(periods: Sequence[Period], first: date, last: date) -> list[date]:
    """The Mondays, from the week of `first` to that of `last`, of the weeks that hold a day of these periods."""
    monday = first - timedelta(days=first.weekday())
    found = []
    while monday <= last:
        if any(has_day(periods, day) for day in days(monday, monday + timedelta(days=6))):
            found.append(monday)
        monday += timedelta(days=7)
    return found


def other_weeks(periods: Iterable[Period]) -> list[Period]:
    """What is left to the other of two parents who take turns; nothing to whoever the other has all weeks of."""
    return [Period(period.since, period.until, _OTHERS[period.weeks]) for period in periods if period.weeks in _OTHERS]


def taken_by_others(mine: Sequence[Period], others: Sequence[Sequence[Period]], first: date, last: date) -> date | None:
    """The first day that somebody else holds for theirs and that is not mine. A day that nobody claims is free."""
    for day in days(first, last):
        if not has_day(mine, day) and any(has_day(theirs, day) for theirs in others):
            return day
    return None


def days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _day(said: Any) -> date | None:
    return date.fromisoformat(said) if said else None


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
