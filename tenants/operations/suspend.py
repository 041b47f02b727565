"""Takes an organisation out of service and back: its data stay, its pages show a notice, its tasks are refused."""

from uuid import UUID

from kernel.errors import Refusal
from kernel.states import sources
from kernel.transactions import operation
from tenants.context import in_registry
from tenants.models import MOVES, Organisation, State


class NotInService(Refusal):
    """Only an organisation in service can be suspended, only a suspended one resumed."""

    code = "not_in_service"


def suspend(*, organisation_id: UUID) -> None:
    """Raises NotInService. Suspending twice is suspending once."""
    _move(organisation_id, State.SUSPENDED)


def resume(*, organisation_id: UUID) -> None:
    """Raises NotInService. Resuming twice is resuming once."""
    _move(organisation_id, State.READY)


@operation
def _move(organisation_id: UUID, new: State) -> None:
    with in_registry():
        movable = Organisation.objects.filter(id=organisation_id)
        # An organisation that was never provisioned has nothing to resume: only provisioning makes it ready.
        allowed = [state for state in sources(MOVES, new) if state is not State.PROVISIONING]
        if not movable.filter(state__in=[*allowed, new]).update(state=new):
            raise NotInService
