"""Dates told from the day of loading, so that the demonstration is always open.

`fri+3w` is the Friday of the third week after the week of loading. `fri@07-01+2w` counts from another week: that of
the first Monday from the next 1 July on which is four weeks away or more. An hour may follow, local: `mon+1w 18:00`.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NOTATION = re.compile(
    r"(?P<day>mon|tue|wed|thu|fri|sat|sun)"
    r"(@(?P<month>\d\d)-(?P<dom>\d\d))?"
    r"((?P<weeks>[+-]\d+)w)?"
    r"( (?P<hour>\d\d:\d\d))?"
)
_NOTICE = timedelta(weeks=4)


class BadDate(ValueError):
    """The text is no date of the demonstration."""


def is_notation(text: str) -> bool:
    return _NOTATION.fullmatch(text) is not None


def day(notation: str, *, loaded_on: date) -> date:
    """Raises BadDate."""
    found = _read(notation)
    monday = _monday_from(loaded_on - timedelta(days=loaded_on.weekday()))
    if found["month"] is not None:
        monday = _monday_from(_next(int(found["month"]), int(found["dom"]), after=loaded_on + _NOTICE))
    return monday + timedelta(days=_DAYS.index(found["day"]), weeks=int(found["weeks"] or 0))


def moment(notation: str, *, loaded_on: date, zone: ZoneInfo) -> datetime:
    """Raises BadDate; midnight where no hour is told."""
    hour = _read(notation)["hour"]
    local = datetime.combine(
        day(notation, loaded_on=loaded_on), time.fromisoformat(hour) if hour else time.min, tzinfo=zone
    )
    return local.astimezone(UTC)


def _next(month: int, dom: int, *, after: date) -> date:
    found = date(after.year, month, dom)
    return found if found >= after else date(after.year + 1, month, dom)


def _monday_from(first: date) -> date:
    return first + timedelta(days=-first.weekday() % 7)


def _read(notation: str) -> re.Match[str]:
    found = _NOTATION.fullmatch(notation)
    if found is None:
        raise BadDate(f"{notation!r} is not written like fri+3w, fri@07-01+2w or mon+1w 18:00")
    return found
