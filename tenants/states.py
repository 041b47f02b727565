"""The life of an organisation in the registry."""

from django.db.models import QuerySet

from kernel.states import sources
from tenants.models import Organisation, State

MOVES: dict[State, frozenset[State]] = {
    State.PROVISIONING: frozenset({State.READY, State.FAILED}),
    State.FAILED: frozenset({State.PROVISIONING}),
    State.READY: frozenset({State.SUSPENDED}),
    State.SUSPENDED: frozenset({State.READY}),
}


def move(organisations: QuerySet[Organisation], to: State) -> int:
    """Move those that may go to `to` or are there, in one conditional update. Returns how many are there now.

    The update holds their rows to the end of the transaction, whether or not they moved.
    """
    return organisations.filter(state__in=[*sources(MOVES, to), to]).update(state=to)
