"""How much the organisation has of what its plan limits, and whether it may add one. Checks raise LimitReached."""

from billing import limits
from tenant_apps.organisation.models import Establishment, MemberState, StaffMember


def staff() -> int:
    """Who is invited counts already; who was withdrawn no longer does."""
    return StaffMember.objects.exclude(state=MemberState.WITHDRAWN).count()


def establishments() -> int:
    return Establishment.objects.count()


def check_staff() -> None:
    limits.check("staff", staff())


def check_establishments() -> None:
    limits.check("establishments", establishments())
