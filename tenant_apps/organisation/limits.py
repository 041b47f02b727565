"""What the organisation's plan still lets it add. Each raises billing's LimitReached."""

from billing import limits
from tenant_apps.organisation.models import Establishment, MemberState, StaffMember


def check_staff() -> None:
    """Who is invited counts already; who was withdrawn no longer does."""
    limits.check("staff", StaffMember.objects.exclude(state=MemberState.WITHDRAWN).count())


def check_establishments() -> None:
    limits.check("establishments", Establishment.objects.count())
