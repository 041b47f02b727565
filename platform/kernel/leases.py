"""Rows that wait to be worked on, each claimed by one worker at a time.

A claim is a lease: it moves `due_at` ahead, so that a worker that dies leaves its row to be found again.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db.models import F, Model, QuerySet

Waiting = TypeVar("Waiting", bound=Model)

LEASE = timedelta(minutes=5)
BATCH = 200
LONGEST_WAIT = timedelta(hours=6)


def claimed(waiting: QuerySet[Waiting], *, at: datetime) -> Iterator[Waiting]:
    """The rows of `waiting` that are due and that nobody else claims first. They have `due_at` and `attempts`."""
    due: QuerySet[Any] = waiting.filter(due_at__lte=at)
    for row in due.order_by("due_at")[:BATCH]:
        # The old due_at in the condition is the claim: of two workers that read the same row, one updates it.
        if due.filter(pk=row.pk, due_at=row.due_at).update(due_at=at + LEASE, attempts=F("attempts") + 1):
            row.attempts += 1
            yield row


def next_try(attempts: int, *, at: datetime) -> datetime:
    """When a row that failed `attempts` times is due again: sooner at first, then ever later."""
    return at + min(timedelta(seconds=15 * 2.0**attempts), LONGEST_WAIT)
