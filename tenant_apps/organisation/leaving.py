"""Who answers for the organisation when it leaves."""

from tenant_apps.organisation import queries
from tenant_apps.organisation.models import MemberState, Role, StaffMember
from tenants.leaving.registries import Recipient


def owners() -> list[Recipient]:
    return _with_role(Role.OWNER)


def answerable() -> list[Recipient]:
    """Owners and administrators."""
    return _with_role(Role.OWNER, Role.ADMINISTRATOR)


def _with_role(*roles: str) -> list[Recipient]:
    members = StaffMember.objects.filter(role__in=roles, state=MemberState.ACTIVE, user__is_active=True)
    languages = queries.profile().languages
    usual = str(languages[0]) if languages else "fr"
    people = members.order_by("user__email").values_list("user__email", "user__language")
    return [Recipient(email, language or usual) for email, language in people if email]
