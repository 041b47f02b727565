"""Which of an organisation's names is in the links that it sends. Called with its rows locked, on the registry."""

from uuid import UUID

from tenants.models import Domain


def put(organisation_id: UUID, domain: Domain) -> None:
    own = Domain.objects.filter(tenant_id=organisation_id)
    # In this order: there are never two.
    own.filter(is_primary=True).update(is_primary=False)
    own.filter(pk=domain.pk).update(is_primary=True)


def fall_back(organisation_id: UUID) -> None:
    """To the address below the platform's own, which depends on nobody else's DNS."""
    put(organisation_id, Domain.objects.get(tenant_id=organisation_id, is_own=False))
