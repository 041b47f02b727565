"""From the host that a browser asked for to the organisation that answers on it. One query at most."""

from dataclasses import dataclass

from django.core.exceptions import DisallowedHost
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.request import split_domain_port

from kernel.kept import kept, only
from tenants import links
from tenants.models import Domain, DomainState, Organisation


@dataclass(frozen=True)
class Host:
    """`moved_to` is the origin to go to when the visitor came by another name than the primary one.

    `is_own`: a name of the organisation's own, below which there may be sites that are none of ours.
    """

    organisation: Organisation
    is_own: bool
    moved_to: str | None = None


def find(request: HttpRequest) -> Host | None:
    """None for a host that nobody has, or that is no host name at all."""
    try:
        name, _ = split_domain_port(request.get_host())
    except DisallowedHost:
        return None
    domain = only(_named(name))
    if domain is None:
        return None
    # To a browser « a.example. » is another host than « a.example », with other cookies.
    if domain.is_primary and not _ends_with_dot(request):
        return Host(domain.tenant, domain.is_own)
    return Host(domain.tenant, domain.is_own, moved_to=links.origin(domain.tenant))


@kept
def _named(name: str) -> QuerySet[Domain]:
    # A claim answers nobody: several may wait for the same name.
    served = Domain.objects.select_related("tenant").exclude(state=DomainState.PENDING)
    domains: QuerySet[Domain] = served.filter(domain=name)
    return domains


def _ends_with_dot(request: HttpRequest) -> bool:
    return request.get_host().split(":")[0].endswith(".")
