"""Takes an organisation out of service and back: its data stay, its pages show a notice, its tasks are refused."""

from uuid import UUID

from django.db.models import QuerySet

from kernel.errors import Refusal
from kernel.transactions import operation
from tenants import states
from tenants.context import in_registry
from tenants.models import Organisation, State


class NotInService(Refusal):
    """Only an organisation in service can be suspended, only a suspended one resumed."""

    code = "not_in_service"


def suspend(*, organisation_id: UUID) -> None:
    """Raises NotInService. Suspending twice is suspending once."""
    _move(Organisation.objects.filter(id=organisation_id), State.SUSPENDED)


def resume(*, organisation_id: UUID) -> None:
    """Raises NotInService. Resuming twice is resuming once."""
    # One that was never provisioned has nothing to resume: only provisioning makes it ready.
    _move(Organisation.objects.filter(id=organisation_id).exclude(state=State.PROVISIONING), State.READY)


@operation
def _move(organisations: QuerySet[Organisation], to: State) -> None:
    with in_registry():
        if not states.move(organisations, to):
            raise NotInService
