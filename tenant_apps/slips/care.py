"""The days of care of what was taken, from its dates alone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, floor
from typing import Any

from tenant_apps.catalog import schedule
from tenant_apps.catalog.models import Option

_SATURDAY = 5
_WEEK = 7
_ROUNDED = {"up": ceil, "down": floor}


@dataclass(frozen=True, slots=True)
class Terms:
    """What an offering says of itself for slips (catalog.Offering.slips)."""

    is_childcare: bool = False
    ineligible_cents: int = 0
    is_overnight: bool = False
    is_half_day: bool = False


def terms(data: Mapping[str, Any]) -> Terms:
    return Terms(
        is_childcare=data.get("kind") == "childcare",
        ineligible_cents=int(data.get("ineligible_cents", 0)),
        is_overnight=bool(data.get("overnight")),
        is_half_day=bool(data.get("half_days")),
    )


def days_of(option: Option, *, is_overnight: bool = False) -> list[date]:
    """Those of its meetings, else each day from its first to its last; none of what has no dates, as a T-shirt.

    The week-ends inside a stay count; inside care by day they do, only where it begins or ends on one.
    """
    met = {date.fromisoformat(str(each["on"])) for each in option.meetings if each.get("on")}
    if met or option.starts_on is None:
        return sorted(met)
    first, last = option.starts_on, option.ends_on or option.starts_on
    on_week_ends = is_overnight or first.weekday() >= _SATURDAY or last.weekday() >= _SATURDAY
    return list(schedule.days(range(_WEEK if on_week_ends else _SATURDAY), first, last))


def before_birthday(days: Sequence[date], born: date, age: int) -> list[date]:
    """Those before the day that the child is so old (R-29); born on the 29th of February, it is the 1st of March."""
    try:
        birthday = born.replace(year=born.year + age)
    except ValueError:
        birthday = date(born.year + age, 3, 1)
    return [day for day in days if day < birthday]


def counted(days: Sequence[date], *, is_half_day: bool, half_days: str) -> int:
    """As a form counts them: half days are rounded as the organisation has it (R-41), and care is never no day."""
    if not is_half_day or half_days not in _ROUNDED or not days:
        return len(days)
    return max(1, _ROUNDED[half_days](len(days) / 2))


def weeks(days: Iterable[date]) -> int:
    """Begun weeks of stays, each counted from the first day of its own stay (R-17)."""
    found, last, stay = 0, None, 0
    for day in sorted(set(days)):
        stay = stay + 1 if last is not None and day - last == timedelta(days=1) else 1
        found += stay % _WEEK == 1
        last = day
    return found
