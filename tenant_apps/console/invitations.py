"""The way into a space that has just been opened, for the person who asked for it."""

from dataclasses import dataclass

from tenant_apps.organisation import staff
from tenant_apps.organisation.models import MemberState, Role, StaffMember
from tenants import links
from tenants.context import in_organisation
from tenants.models import SERVED, Organisation


@dataclass(frozen=True, slots=True)
class WayIn:
    """`invitation`: empty once it was used, and for whoever may not be its owner."""

    site: str
    workplace: str
    invitation: str = ""


def way_in(organisation: Organisation, *, to_owner: bool) -> WayIn | None:
    """None for a space that nobody can enter any more."""
    if organisation.state not in SERVED:
        return None
    with in_organisation(organisation):
        site, workplace = links.absolute("/"), links.absolute("/gestion/")
        invited = StaffMember.objects.filter(role=Role.OWNER, state=MemberState.INVITED).order_by("invited_at")
        owner = invited.first() if to_owner else None
        return WayIn(site, workplace, staff.invitation_link(owner) if owner else "")
