"""How many there are of what a plan may limit (billing.limits)."""

from tenant_apps.organisation.models import Establishment, MemberState, StaffMember
from tenants.context import current, in_registry
from tenants.models import Domain


def staff() -> int:
    """Who is invited counts already; who was withdrawn no longer does."""
    return StaffMember.objects.exclude(state=MemberState.WITHDRAWN).count()


def establishments() -> int:
    return Establishment.objects.count()


def own_domains() -> int:
    organisation = current()
    with in_registry():
        return int(Domain.objects.filter(tenant=organisation, is_own=True).count())
