"""Whose the next weeks are, in words: what staff read over before they save."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tenant_apps.families import custody
from tenant_apps.families.custody import Period

WEEKS = 12


@dataclass(frozen=True, slots=True)
class Week:
    """`names` is empty where nobody claims the week: it is open to all, and two names where both do."""

    monday: date
    number: int
    names: Sequence[str]


def upcoming(claims: Sequence[tuple[str, Sequence[Period]]], *, today: date) -> list[Week]:
    """The present week and those after it. `claims`: each adult's name and periods."""
    last = today + timedelta(weeks=WEEKS - 1)
    held = [(name, set(custody.weeks_of(periods, today, last))) for name, periods in claims]
    monday = today - timedelta(days=today.weekday())
    mondays = [monday + timedelta(weeks=number) for number in range(WEEKS)]
    return [Week(day, day.isocalendar().week, [name for name, weeks in held if day in weeks]) for day in mondays]
