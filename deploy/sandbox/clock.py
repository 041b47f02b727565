"""The sandbox's own time: the machine's, moved forward at will."""

import sqlite3
import time
from datetime import UTC, datetime

from deploy.sandbox.store import set_setting, setting

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def now(connection: sqlite3.Connection) -> float:
    """Return the sandbox's time, in seconds since 1970."""
    return time.time() + float(setting(connection, "clock_offset") or 0)


def set_now(connection: sqlite3.Connection, moment: float) -> None:
    """Put the clock at a moment; it runs on from there."""
    set_setting(connection, "clock_offset", repr(moment - time.time()))


def rfc3339(moment: float) -> str:
    """Write a moment as the second version of the API does."""
    written = datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")
    return written.replace("+00:00", "Z")
