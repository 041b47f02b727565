"""The moments that tests live in."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

TORONTO = ZoneInfo("America/Toronto")
BRUSSELS = ZoneInfo("Europe/Brussels")

# A Wednesday, in the morning in Québec.
NOON = datetime(2026, 9, 16, 12, 0, tzinfo=UTC)
