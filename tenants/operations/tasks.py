"""The worker's side of the operations on organisations."""

from uuid import UUID

from tenants.operations.provision import provision
from tenants.tasks import platform_task


@platform_task
def provision_organisation(*, organisation_id: str) -> None:
    provision(organisation_id=UUID(organisation_id))
