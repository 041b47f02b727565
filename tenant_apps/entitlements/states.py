"""The life of a request."""

from typing import Any

from django.db.models import QuerySet

from kernel.states import sources
from tenant_apps.entitlements.models import Entitlement, Status

MOVES: dict[Status, frozenset[Status]] = {
    Status.ASKED: frozenset({Status.GRANTED, Status.REFUSED, Status.WITHDRAWN}),
    # A decision made by mistake is taken back, and made again.
    Status.GRANTED: frozenset({Status.ASKED}),
    Status.REFUSED: frozenset({Status.ASKED}),
    Status.WITHDRAWN: frozenset(),
}


def move(entitlements: QuerySet[Entitlement], to: Status, **fields: Any) -> int:
    """Move those that may go to `to`, in one conditional update. Returns how many moved."""
    return entitlements.filter(status__in=sources(MOVES, to)).update(status=to, **fields)
