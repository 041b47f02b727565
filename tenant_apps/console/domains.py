"""An organisation's names as operators see them, and what operators do about them."""

from dataclasses import dataclass
from datetime import datetime

from kernel.transactions import operation
from shared_apps.audit.actors import Actor
from tenant_apps.console import trails
from tenants.context import in_organisation, in_registry
from tenants.domains import operations, verdicts
from tenants.domains.certificates import WARNED_WITHIN
from tenants.models import PROVISIONED, Domain, Organisation


@dataclass(frozen=True, slots=True)
class Row:
    """`ends_soon`: its certificate should have been renewed by now."""

    domain: Domain
    ends_soon: bool

    @property
    def tag(self) -> str:
        return verdicts.TAGS[self.domain.state]

    @property
    def failure(self) -> str:
        return verdicts.words(self.domain.failure, self.domain.found)


def of(organisation: Organisation, *, at: datetime) -> list[Row]:
    with in_registry():
        found = Domain.objects.filter(tenant=organisation).order_by("is_own", "domain")
        return [Row(domain, _ends_soon(domain, at)) for domain in found]


@operation
def check_now(*, organisation: Organisation, name: str, actor: Actor, at: datetime) -> None:
    """Raises CheckedJustNow, also for a name that is not there or an organisation that has no tables."""
    if organisation.state not in PROVISIONED:
        raise operations.CheckedJustNow
    with in_organisation(organisation):
        operations.check_now(name=name, at=at)
    trails.record("domains.checked", organisation.pk, actor, at, words=name)


def _ends_soon(domain: Domain, at: datetime) -> bool:
    until = domain.certificate_until
    return bool(domain.is_own and until is not None and until - at < WARNED_WITHIN)
