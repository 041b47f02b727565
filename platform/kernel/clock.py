"""What time it is. The only place that asks the machine, so that a demonstration or a test can move it."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings


def now() -> datetime:
    """The present moment in UTC, moved by the offset that `advance` keeps where the settings allow it."""
    return datetime.now(UTC) + _offset()


def today(zone: ZoneInfo) -> date:
    return local_date(now(), zone)


def local_date(at: datetime, zone: ZoneInfo) -> date:
    """The day that it is in `zone`."""
    return at.astimezone(zone).date()


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone)


def start_of_week(day: date, zone: ZoneInfo) -> datetime:
    """Of the Monday, as the calendars of schools and communes have it."""
    return start_of_day(day - timedelta(days=day.weekday()), zone)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first instant after `day` in `zone`: « jusqu’au 24 août » holds until then, that day included (S1-30)."""
    return start_of_day(day + timedelta(days=1), zone)


def advance(by: timedelta) -> None:
    """Move the clock of every process that reads the same file. Refused where no file is named."""
    path = _file()
    if path is None:
        raise RuntimeError("This installation does not let its clock be moved.")
    seconds = (_offset() + by).total_seconds()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(str(seconds))


def _file() -> Path | None:
    path: Path | None = settings.CLOCK_FILE
    return path


def _offset() -> timedelta:
    path = _file()
    if path is None:
        return timedelta()
    try:
        return timedelta(seconds=float(path.read_text()))
    except (FileNotFoundError, ValueError):
        return timedelta()
