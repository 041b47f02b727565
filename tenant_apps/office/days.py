"""The bounds of a day and of a week, at the organisation's own clock."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def start_of_day(at: datetime, zone: ZoneInfo) -> datetime:
    return midnight(at.astimezone(zone).date(), zone)


def start_of_week(at: datetime, zone: ZoneInfo) -> datetime:
    """Monday, as the calendars of schools and communes have it."""
    today = at.astimezone(zone).date()
    return midnight(today - timedelta(days=today.weekday()), zone)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone)
