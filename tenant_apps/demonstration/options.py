"""What a data file tells of one option, as the columns that keep it."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from tenant_apps.demonstration import wording
from tenant_apps.demonstration.telling import Calendar

_WORDED = ("name", "description")
_A_WEEK = timedelta(weeks=1)


def columns(told: dict[str, Any], calendar: Calendar, languages: Iterable[str]) -> dict[str, Any]:
    starts_on, ends_on = (calendar.optional_day(told.get(name)) for name in ("starts_on", "ends_on"))
    days = {"starts_on": starts_on, "ends_on": ends_on}
    words = wording.placeholders(days)
    return {
        "code": str(told.get("code", "")),
        **{name: told.get(name, "").format_map(words) for name in _WORDED},
        **days,
        "price_cents": told.get("price", 0),
        "minimum_quantity": told.get("minimum", 1),
        "maximum_quantity": told.get("maximum", 1),
        "requirements": calendar.resolved(told.get("rules", [])),
        "meetings": list(_meetings(told.get("meets"), starts_on, ends_on, calendar)),
        "is_voluntary": told.get("voluntary", False),
        "is_offered": told.get("offered", True),
        "translations": wording.translated(told, _WORDED, days, languages),
    }


def _meetings(
    told: dict[str, Any] | None, first: date | None, last: date | None, calendar: Calendar
) -> Iterator[dict[str, str]]:
    """`{from, to, except}`: once a week, from the first day to the last, but on the days that are excepted."""
    if told is None or first is None:
        return
    skipped = {calendar.day(each) for each in told.get("except", [])}
    on = first
    while on <= (last or first):
        if on not in skipped:
            yield {"on": on.isoformat(), "from": told["from"], "to": told["to"]}
        on += _A_WEEK * told.get("every", 1)
