"""The platform's own organisation: an ordinary schema, on the platform's own host."""

from django.conf import settings

from kernel.transactions import operation
from tenants.context import in_registry
from tenants.models import OPERATIONS_SCHEMA, Domain, Kind, Organisation
from tenants.operations.provision import provision


def ensure_operations() -> Organisation:
    """Enter it in the registry and bring it in service, unless that is done."""
    return provision(organisation_id=_registered().id)


@operation
def _registered() -> Organisation:
    with in_registry():
        organisation, _ = Organisation.objects.get_or_create(
            schema_name=OPERATIONS_SCHEMA,
            defaults={"kind": Kind.OPERATIONS, "slug": "ops", "name": "Préau"},
        )
        Domain.objects.get_or_create(
            domain=settings.PLATFORM_DOMAIN, defaults={"tenant": organisation, "is_primary": True}
        )
        return organisation
