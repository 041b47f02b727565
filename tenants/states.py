"""The life of an organisation in the registry."""

from django.db.models import QuerySet

from kernel.states import sources
from tenants.models import Organisation, State

MOVES: dict[State, frozenset[State]] = {
    State.PROVISIONING: frozenset({State.READY, State.FAILED}),
    # Nothing of it was made, but its rows in the registry.
    State.FAILED: frozenset({State.PROVISIONING, State.ERASING}),
    State.READY: frozenset({State.SUSPENDED, State.RESTORING}),
    State.SUSPENDED: frozenset({State.READY, State.RESTORING, State.ERASING}),
    State.RESTORING: frozenset({State.READY, State.SUSPENDED}),
    State.ERASING: frozenset({State.ERASED}),
    # For good: what was erased is not brought back.
    State.ERASED: frozenset(),
}


def move(organisations: QuerySet[Organisation], to: State, **columns: object) -> int:
    """Move those that may go to `to` or are there, in one conditional update. Returns how many are there now.

    The update holds their rows to the end of the transaction, whether or not they moved; `columns` are written too.
    """
    return organisations.filter(state__in=[*sources(MOVES, to), to]).update(state=to, **columns)
