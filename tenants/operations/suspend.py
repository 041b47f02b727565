"""Takes an organisation out of service and back: it can be read and taken away, and nothing new begins in it."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from kernel.database import lock_one
from kernel.errors import Refusal
from kernel.transactions import operation
from tenants import states
from tenants.context import in_registry
from tenants.models import Organisation, State, SuspendedFor


class NotInService(Refusal):
    """Only an organisation in service can be suspended, only a suspended one resumed."""

    code = "not_in_service"


class PlatformsOwn(NotInService):
    """Without it nobody is left to put it back in service, and no news of a payment is heard."""

    code = "platforms_own"


# The weightiest first: it is the one that is told.
_WEIGHT = (SuspendedFor.LEAVING, SuspendedFor.DECISION, SuspendedFor.UNPAID)


@operation
def suspend(*, organisation_id: UUID, reason: SuspendedFor, at: datetime) -> None:
    """Raises NotInService and PlatformsOwn. Suspending twice is suspending once.

    Each reason stands until it is lifted by itself.
    """
    with in_registry():
        organisation = _locked(organisation_id)
        if organisation.is_operations:
            raise PlatformsOwn
        if organisation.state == State.READY:
            states.move(_only(organisation), State.SUSPENDED, suspended_at=at, **_told({reason}))
        elif organisation.state == State.SUSPENDED:
            _only(organisation).update(**_told({*reasons(organisation), reason}))
        else:
            raise NotInService


@operation
def resume(*, organisation_id: UUID, reason: SuspendedFor) -> None:
    """Lift one reason; back in service once none is left. Raises NotInService. Resuming twice is resuming once.

    What pays a bill does not lift a decision, nor the other way round.
    """
    with in_registry():
        organisation = _locked(organisation_id)
        left = reasons(organisation) - {reason}
        if organisation.state == State.READY:
            return
        if organisation.state != State.SUSPENDED or reason not in reasons(organisation):
            raise NotInService
        if left:
            _only(organisation).update(**_told(left))
        else:
            states.move(_only(organisation), State.READY, suspended_at=None, **_told(left))


def reasons(organisation: Organisation) -> set[str]:
    """All those for which it can only be read."""
    return {organisation.suspended_for, *organisation.suspended_also_for} - {""}


def _told(standing: set[str]) -> dict[str, object]:
    weightiest, *others = [str(reason) for reason in _WEIGHT if reason in standing] or [""]
    return {"suspended_for": weightiest, "suspended_also_for": others}


def _locked(organisation_id: UUID) -> Organisation:
    return lock_one(Organisation.objects.filter(id=organisation_id))


def _only(organisation: Organisation) -> QuerySet[Organisation]:
    return Organisation.objects.filter(pk=organisation.pk)
