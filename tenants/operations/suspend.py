"""Takes an organisation out of service and back: it can be read and taken away, and nothing new begins in it."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from kernel.errors import Refusal
from kernel.transactions import operation
from tenants import states
from tenants.context import in_registry
from tenants.models import Organisation, State, SuspendedFor


class NotInService(Refusal):
    """Only an organisation in service can be suspended, only a suspended one resumed."""

    code = "not_in_service"


@operation
def suspend(*, organisation_id: UUID, reason: SuspendedFor, at: datetime) -> None:
    """Raises NotInService. Suspending twice is suspending once; the first reason stands, unless it leaves for good."""
    organisations = Organisation.objects.filter(id=organisation_id)
    with in_registry():
        # Not one that is being restored: it comes back as it was.
        fresh = organisations.filter(suspended_for="").exclude(state=State.RESTORING)
        moved = states.move(fresh, State.SUSPENDED, suspended_for=reason, suspended_at=at)
        if not moved and not _already(organisations, reason):
            raise NotInService


@operation
def resume(*, organisation_id: UUID, reason: SuspendedFor) -> None:
    """Back in service, if that is why it was suspended. Raises NotInService. Resuming twice is resuming once.

    What pays a bill does not lift a decision, nor the other way round.
    """
    organisations = Organisation.objects.filter(id=organisation_id)
    with in_registry():
        moved = organisations.filter(state=State.SUSPENDED, suspended_for=reason).update(
            state=State.READY, suspended_for="", suspended_at=None
        )
        if not moved and not organisations.filter(state=State.READY).exists():
            raise NotInService


def _already(organisations: QuerySet[Organisation], reason: SuspendedFor) -> bool:
    suspended = organisations.filter(state=State.SUSPENDED)
    if reason == SuspendedFor.LEAVING:
        return bool(suspended.update(suspended_for=reason))
    return suspended.exists()
