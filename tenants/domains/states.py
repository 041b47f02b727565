"""The life of an organisation's own domain."""

from django.db.models import QuerySet

from kernel.states import sources
from tenants.models import Domain, DomainState

MOVES: dict[DomainState, frozenset[DomainState]] = {
    DomainState.PENDING: frozenset({DomainState.VERIFIED}),
    # A name whose DNS names another organisation, and no longer this one, is only claimed again.
    DomainState.VERIFIED: frozenset({DomainState.BROKEN, DomainState.PENDING}),
    DomainState.BROKEN: frozenset({DomainState.VERIFIED, DomainState.PENDING}),
}


def move(domains: QuerySet[Domain], to: DomainState, **columns: object) -> int:
    """Move those that may go to `to`, in one conditional update; `columns` are written too. Returns how many moved."""
    return domains.filter(is_own=True, state__in=sources(MOVES, to)).update(state=to, **columns)
