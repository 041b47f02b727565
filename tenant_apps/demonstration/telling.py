"""Reads what a data file tells in its own notation: days, moments and rules, as of the day of loading."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tenant_apps.demonstration import dates


@dataclass(frozen=True)
class Calendar:
    """The day of loading, and the organisation's own clock."""

    loaded_on: date
    zone: ZoneInfo

    def day(self, notation: str) -> date:
        return dates.day(notation, loaded_on=self.loaded_on)

    def optional_day(self, notation: str | None) -> date | None:
        return self.day(notation) if notation else None

    def moment(self, notation: str | None) -> datetime | None:
        return dates.moment(notation, loaded_on=self.loaded_on, zone=self.zone) if notation else None

    def resolved(self, told: Any) -> Any:
        """Rules, windows and prices as JSON keeps them: each day and each moment in ISO 8601, all else as it is."""
        if isinstance(told, dict):
            return {name: self.resolved(value) for name, value in told.items()}
        if isinstance(told, list):
            return [self.resolved(value) for value in told]
        if isinstance(told, str) and dates.is_notation(told):
            has_hour = ":" in told
            return str(self.moment(told)).replace(" ", "T") if has_hour else self.day(told).isoformat()
        return told
