"""When a name is looked at again: often at first, ever less, and no more once nobody can be waiting for it."""

from datetime import datetime, timedelta

from tenants.models import DomainState

DAY = timedelta(days=1)
_FIRST = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 30))
_HOURLY_UNTIL = timedelta(days=14)
_DAILY_UNTIL = timedelta(days=30)
# Nobody answered: it says nothing of the name, which is asked for again sooner than the next day.
_AFTER_SILENCE = timedelta(hours=1)


def first_check(*, at: datetime) -> datetime:
    return at + _FIRST[0]


def next_check(
    state: DomainState, *, since: datetime, at: datetime, is_silent: bool = False, failing_at: datetime | None = None
) -> datetime | None:
    """None: not by itself. `since`: its claim, or when it broke; `failing_at`: verified, and not found so since."""
    if state == DomainState.VERIFIED:
        if is_silent:
            return at + _AFTER_SILENCE
        return failing_at + DAY if failing_at and failing_at + DAY > at else at + DAY
    if soon := next((since + delay for delay in _FIRST if since + delay > at), None):
        return soon
    if at - since < _HOURLY_UNTIL:
        return at + timedelta(hours=1)
    # What was in service once may come back any day.
    return at + DAY if at - since < _DAILY_UNTIL or state == DomainState.BROKEN else None
