"""Periods of registration, each for its own audience: residents first, then everybody (S4-24)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import BooleanField, F, Func, JSONField, Q, Value

from kernel.words import Words
from tenant_apps.catalog.models import Offering
from tenant_apps.catalog.reasons import Code, Reason

# Compared as moments, whatever offset each was written with. A period without an end has none, or says null.
_IS_LEFT = "(!exists(@.closes_at) || @.closes_at == null || @.closes_at.datetime() > $at.datetime())"
_LEFT = f"$[*] ? {_IS_LEFT}"
_OPEN = f"$[*] ? (@.opens_at.datetime() <= $at.datetime() && {_IS_LEFT})"


@dataclass(frozen=True, slots=True)
class Window:
    """Open from `opens_at` until `closes_at`, which is no longer part of it; None is as long as the offering is.

    Whoever meets all the `rules` is of its audience; none is everybody.
    """

    name: Words
    opens_at: datetime
    closes_at: datetime | None = None
    rules: Sequence[Any] = field(default_factory=tuple)

    def is_open(self, at: datetime) -> bool:
        return self.opens_at <= at and not self.is_closed(at)

    def is_closed(self, at: datetime) -> bool:
        return self.closes_at is not None and self.closes_at <= at

    def is_upcoming(self, at: datetime) -> bool:
        return at < self.opens_at


def windows_of(offering: Offering) -> list[Window]:
    """In the order in which they open. The offering's own opening comes before none of them."""
    found = [_window(each, offering.opens_at) for each in offering.windows]
    return sorted(found, key=lambda window: window.opens_at)


def without_condition(windows: Sequence[Window]) -> Iterator[tuple[Window, Window]]:
    """Each that opens to everybody before another opens, and the next: what follows it keeps nobody waiting."""
    for window, following in pairwise(windows):
        if not window.rules and window.opens_at < following.opens_at:
            yield window, following


def opens_for(windows: Sequence[Window], at: datetime) -> Window | None:
    """The one that is open, else the next to open; None where all are closed."""
    still = [window for window in windows if not window.is_closed(at)]
    return min(still, key=lambda window: (window.is_upcoming(at), window.opens_at), default=None)


def against(windows: Sequence[Window], mine: Sequence[Window], *, at: datetime, zone: ZoneInfo) -> list[Reason]:
    """What stands against who is of the audience of `mine`, among all the windows of one offering."""
    left = [window for window in windows if not window.is_closed(at)]
    if not mine and left:
        return [Reason(Code.WRONG_AUDIENCE, {"audiences": [window.name for window in left]})]
    window = opens_for(mine, at)
    if window is None:
        return [_closed(mine or windows, zone)]
    if window.is_upcoming(at):
        return [Reason(Code.NOT_OPEN_YET, {"audience": window.name, "opens_at": window.opens_at.astimezone(zone)})]
    return []


def some_open(at: datetime) -> Q:
    """The offerings that have a window open now, whoever it is for, or no windows at all."""
    return Q(windows=[]) | _has(_OPEN, at)


def some_left(at: datetime) -> Q:
    """The offerings that have a window that is not over yet, whoever it is for."""
    return _has(_LEFT, at)


def _has(path: str, at: datetime) -> Q:
    told = Value({"at": at.isoformat()}, JSONField())
    wanted = Func(Value(path), template="%(expressions)s::jsonpath")
    return Q(Func(F("windows"), wanted, told, function="jsonb_path_exists_tz", output_field=BooleanField()))


def _closed(windows: Sequence[Window], zone: ZoneInfo) -> Reason:
    last = max(windows, key=lambda window: window.closes_at or window.opens_at)
    local = (last.closes_at or last.opens_at).astimezone(zone)
    # Closed at midnight is closed since the evening of the day before, which is what staff chose and families read.
    closed_at = local.date() - timedelta(days=1) if local.time() == time.min else local
    return Reason(Code.WINDOW_CLOSED, {"audience": last.name, "closed_at": closed_at})


def _window(told: Any, earliest: datetime | None) -> Window:
    opens_at = datetime.fromisoformat(told["opens_at"])
    closes_at = told.get("closes_at")
    return Window(
        name=told["name"],
        opens_at=max(opens_at, earliest) if earliest else opens_at,
        closes_at=datetime.fromisoformat(closes_at) if closes_at else None,
        rules=tuple(told.get("for", ())),
    )
