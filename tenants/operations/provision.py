"""Makes an organisation's schema, its role and its first rows, and opens it: all of it or nothing."""

from uuid import UUID

from kernel.transactions import operation
from tenants import roles, states
from tenants.context import in_organisation, in_registry
from tenants.models import Organisation, State
from tenants.provisioning import STEPS
from tenants.schemas import template
from tenants.schemas.replay import replay


def provision(*, organisation_id: UUID) -> Organisation:
    """Bring an organisation in service. Safe to repeat after a crash at any point; twice is once."""
    # Built beforehand: it takes seconds, and would hold the row's lock as long.
    sql = template.current()
    try:
        return _provision(organisation_id=organisation_id, sql=sql)
    except Exception:
        with in_registry():
            states.move(Organisation.objects.filter(id=organisation_id), State.FAILED)
        raise


@operation
def _provision(*, organisation_id: UUID, sql: str) -> Organisation:
    with in_registry():
        if not _claim(organisation_id):
            return Organisation.objects.get(id=organisation_id)
        organisation = Organisation.objects.get(id=organisation_id)
        replay(sql, schema=organisation.schema_name)
        roles.grant(organisation.schema_name)
        # In memory only, so that the steps are already held to the organisation's role.
        organisation.state = State.READY
        with in_organisation(organisation):
            for _, step in STEPS:
                step(organisation)
        organisation.save(update_fields=["state"])
        return organisation


def _claim(organisation_id: UUID) -> bool:
    """Hold the row until the end of the transaction. False when somebody has done the work meanwhile."""
    return states.move(Organisation.objects.filter(id=organisation_id), State.PROVISIONING) == 1
