"""The life of a request to change."""

from typing import Any

from django.db.models import QuerySet

from kernel.states import sources
from tenant_apps.changes.models import ChangeRequest, Status

MOVES: dict[Status, frozenset[Status]] = {
    Status.ASKED: frozenset({Status.ACCEPTED, Status.REFUSED, Status.CANCELLED}),
    # What was accepted is done: the place is free and the money on its way.
    Status.ACCEPTED: frozenset(),
    Status.REFUSED: frozenset(),
    Status.CANCELLED: frozenset(),
}


def move(requests: QuerySet[ChangeRequest], to: Status, **fields: Any) -> int:
    """Move those that may go to `to`, in one conditional update. Returns how many moved."""
    return requests.filter(status__in=sources(MOVES, to)).update(status=to, **fields)
