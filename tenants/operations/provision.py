"""Makes an organisation's schema, its role and its first rows, and opens it: all of it or nothing."""

from uuid import UUID

from kernel.transactions import operation
from tenants import progress, roles, states
from tenants.context import in_organisation, in_registry
from tenants.models import Kind, Organisation, State
from tenants.progress import Stage
from tenants.provisioning import FAILURES, STEPS
from tenants.schemas import status, template
from tenants.schemas.replay import replay


def provision(*, organisation_id: UUID) -> Organisation:
    """Bring an organisation in service. Safe to repeat after a crash at any point; twice is once."""
    progress.reached(organisation_id, Stage.TABLES)
    try:
        # Built beforehand: it takes seconds, and would hold the row's lock as long.
        sql = template.current()
        return _provision(organisation_id=organisation_id, sql=sql)
    except Exception:
        _failed(organisation_id)
        raise


@operation
def _provision(*, organisation_id: UUID, sql: str) -> Organisation:
    with in_registry():
        if not _claim(organisation_id):
            return Organisation.objects.get(id=organisation_id)
        organisation = Organisation.objects.get(id=organisation_id)
        replay(sql, schema=organisation.schema_name)
        roles.grant(organisation.schema_name)
        progress.reached(organisation_id, Stage.RULES)
        # In memory only, so that the steps are already held to the organisation's role.
        organisation.state = State.READY
        with in_organisation(organisation):
            for _, step in STEPS:
                step(organisation)
        progress.reached(organisation_id, Stage.ADDRESS)
        status.current(organisation)
        organisation.save(update_fields=["state"])
        return organisation


def _claim(organisation_id: UUID) -> bool:
    """Hold the row until the end of the transaction. False when somebody has done the work meanwhile."""
    return states.move(Organisation.objects.filter(id=organisation_id), State.PROVISIONING) == 1


def _failed(organisation_id: UUID) -> None:
    with in_registry():
        found = Organisation.objects.filter(id=organisation_id)
        states.move(found, State.FAILED)
        organisation = found.filter(state=State.FAILED, kind=Kind.ORGANISATION).first()
    if organisation is not None:
        for _, tell in FAILURES:
            tell(organisation)
