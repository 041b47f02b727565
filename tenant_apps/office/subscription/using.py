"""How many there are of what a plan may limit (billing.limits), where no room below counts it."""

from tenants.context import current, in_registry
from tenants.models import Domain


def own_domains() -> int:
    organisation = current()
    with in_registry():
        return int(Domain.objects.filter(tenant=organisation, is_own=True).count())
