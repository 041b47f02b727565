"""Billing periods: days, weeks, months and years from an anchor."""

import calendar
from datetime import UTC, datetime, timedelta

from deploy.sandbox.errors import Json

_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "year": 12}


def end_of(start: int, recurring: Json, *, anchor: int) -> int:
    """Return where the period that begins at `start` ends.

    The anchor's day of the month is kept: after 28 February, 31 March again.
    """
    interval, count = recurring["interval"], recurring["interval_count"]
    begins = datetime.fromtimestamp(start, UTC)
    if interval in _DAYS:
        return int((begins + timedelta(days=_DAYS[interval] * count)).timestamp())
    months = begins.year * 12 + begins.month - 1 + _MONTHS[interval] * count
    year, month = divmod(months, 12)
    day = datetime.fromtimestamp(anchor, UTC).day
    last = calendar.monthrange(year, month + 1)[1]
    return int(begins.replace(year=year, month=month + 1, day=min(day, last)).timestamp())
