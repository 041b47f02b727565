"""The worker's side of the operations on organisations."""

from datetime import timedelta
from uuid import UUID

from kernel import clock
from tenants.models import Organisation, State
from tenants.operations.provision import provision
from tenants.tasks import platform_task

# Longer than a preparation takes: before that its own task is at it.
_OVERDUE = timedelta(minutes=1)


@platform_task
def provision_organisation(*, organisation_id: str) -> None:
    provision(organisation_id=UUID(organisation_id))


@platform_task
def provision_overdue() -> None:
    """Those whose own task was lost, as when the broker was away."""
    overdue = Organisation.objects.filter(state=State.PROVISIONING, created_at__lt=clock.now() - _OVERDUE)
    for organisation_id in list(overdue.values_list("id", flat=True)):
        provision_organisation.apply_async(kwargs={"organisation_id": str(organisation_id)})
