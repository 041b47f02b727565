"""Addresses that leave the platform, in mails and to the processor: always on the organisation's primary domain."""

from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from kernel.kept import kept
from tenants.context import current
from tenants.models import Domain, Organisation


def absolute(path: str) -> str:
    """`path`, that begins with a slash, as a whole address of the current organisation."""
    return origin(current()) + path


def origin(organisation: Organisation) -> str:
    [domain] = _primary(organisation.pk)
    return at(domain)


@kept
def _primary(organisation_id: UUID) -> QuerySet[Domain, str]:
    domains: QuerySet[Domain, str] = Domain.objects.filter(tenant_id=organisation_id, is_primary=True).values_list(
        "domain", flat=True
    )
    return domains


def at(domain: str) -> str:
    """Scheme, host and port. The port is only there where the settings name one, as in development."""
    port = f":{settings.PLATFORM_PORT}" if settings.PLATFORM_PORT else ""
    return f"{settings.PLATFORM_SCHEME}://{domain}{port}"
