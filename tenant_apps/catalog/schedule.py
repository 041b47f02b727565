"""Days that come back: the weeks of a summer, « tous les mardis » of a season but the holidays."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta

_A_DAY = timedelta(days=1)
_A_WEEK = timedelta(days=7)
_FRIDAY = timedelta(days=4)


def weeks(first: date, last: date) -> Iterator[tuple[date, date]]:
    """Each week from Monday to Friday, cut where the period begins or ends; a week-end alone is none."""
    monday = first - timedelta(days=first.weekday())
    while monday <= last:
        begins, ends = max(monday, first), min(monday + _FRIDAY, last)
        if begins <= ends:
            yield begins, ends
        monday += _A_WEEK


def days(weekdays: Collection[int], first: date, last: date, *, but: Collection[date] = ()) -> Iterator[date]:
    """Each day between the two, both included, that is one of these (0 is Monday) and none of the exceptions."""
    day = first
    while day <= last:
        if day.weekday() in weekdays and day not in but:
            yield day
        day += _A_DAY
