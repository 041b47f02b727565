"""Dates moved by whole days, at the same hour on the wall: what a copy of an offering says."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from shared_apps.design import formats
from tenant_apps.catalog.models import Offering, Option

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*")
_YEAR = 365.25
_LANGUAGES = [("fr", "CA"), ("en", "CA"), ("en", "BE"), ("nl", "BE")]
# A season begins a few days earlier or later than the year before.
_ABOUT = 21


@dataclass(frozen=True, slots=True)
class Move:
    days: int
    zone: ZoneInfo

    @classmethod
    def between(cls, before: date, after: date, zone: ZoneInfo) -> "Move":
        """To the nearest week: a Monday stays a Monday."""
        return cls(round((after - before).days / 7) * 7, zone)

    @property
    def years(self) -> int:
        """How many years it is, where it is about that; else 0."""
        years = round(self.days / _YEAR)
        return years if abs(self.days - years * _YEAR) <= _ABOUT else 0

    def day(self, day: date | None) -> date | None:
        return day and self._moved(day)

    def _moved(self, day: date) -> date:
        return day + timedelta(days=self.days)

    def moment(self, moment: datetime | None) -> datetime | None:
        """At the same hour in the organisation's zone, whatever the clocks did between the two."""
        if moment is None:
            return None
        local = moment.astimezone(self.zone).replace(tzinfo=None)
        return (local + timedelta(days=self.days)).replace(tzinfo=self.zone)

    def told(self, value: Any) -> Any:
        """Every day and moment in what JSON says, however deep."""
        if isinstance(value, Mapping):
            return {name: self.told(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self.told(each) for each in value]
        if isinstance(value, str) and _MOMENT.fullmatch(value):
            moved = self.moment(datetime.fromisoformat(value))
            return moved.isoformat() if moved else value
        if isinstance(value, str) and _DAY.fullmatch(value):
            return (date.fromisoformat(value) + timedelta(days=self.days)).isoformat()
        return value

    def rules(self, value: Any) -> Any:
        """As `told`; but « six ans au 30 septembre » stays a 30 September where the move is of about a year."""
        if not self.years:
            return self.told(value)
        if isinstance(value, Mapping):
            return {name: self.rules(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self.rules(each) for each in value]
        if isinstance(value, str) and _DAY.fullmatch(value):
            return _years_later(date.fromisoformat(value), self.years).isoformat()
        return self.told(value)

    def named(self, value: Any, day: date | None) -> Any:
        """What is named after its day is named after the new one: « 6 janvier 2027 », « Mercredi 6 janvier 2027 »."""
        if isinstance(value, Mapping):
            return {name: self.named(each, day) for name, each in value.items()}
        if not isinstance(value, str) or not day or not self.days:
            return value
        for length in ("full", "long"):
            for locale in (formats.locale_for(*each) for each in _LANGUAGES):
                before, after = (formats.date_words(each, locale, length=length) for each in (day, self._moved(day)))
                value = value.replace(before, after)
                value = value.replace(formats.capitalised(before), formats.capitalised(after))
        return value

    def offering(self, offering: Offering) -> dict[str, Any]:
        """Its columns that say when, moved."""
        return {
            "starts_on": self.day(offering.starts_on),
            "ends_on": self.day(offering.ends_on),
            "deadline_on": self.day(offering.deadline_on),
            "opens_at": self.moment(offering.opens_at),
            "windows": [{**self.told(each), "for": self.rules(each.get("for", []))} for each in offering.windows],
            "requirements": self.rules(offering.requirements),
            "pricing": self.told(offering.pricing),
            "support": self.told(offering.support),
        }

    def option(self, option: Option) -> dict[str, Any]:
        return {
            "name": self.named(option.name, option.starts_on)[:120],
            "translations": self.named(option.translations, option.starts_on),
            "starts_on": self.day(option.starts_on),
            "ends_on": self.day(option.ends_on),
            "meetings": self.told(option.meetings),
            "requirements": self.rules(option.requirements),
        }


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
