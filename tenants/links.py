"""Addresses that leave the platform, in mails and to the processor: always on the organisation's primary domain."""

from django.conf import settings

from tenants.context import current
from tenants.models import Domain, Organisation


def absolute(path: str) -> str:
    """`path`, that begins with a slash, as a whole address of the current organisation."""
    return origin(current()) + path


def origin(organisation: Organisation) -> str:
    domain = Domain.objects.values_list("domain", flat=True).get(tenant=organisation, is_primary=True)
    return at(domain)


def at(domain: str) -> str:
    """Scheme, host and port. The port is only there where the settings name one, as in development."""
    port = f":{settings.PLATFORM_PORT}" if settings.PLATFORM_PORT else ""
    return f"{settings.PLATFORM_SCHEME}://{domain}{port}"
