"""Changes what colleagues may do: their role, their establishments, and whether they work here at all."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from allauth.usersessions.models import UserSession

from kernel.database import lock_one
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.organisation import authority, limits
from tenant_apps.organisation.authority import NotYours
from tenant_apps.organisation.models import PLACED, Establishment, MemberState, StaffMember


@operation
def change(
    *, member_id: UUID, role: str, establishments: Iterable[Establishment], actor: Actor, at: datetime
) -> StaffMember:
    """What a colleague, or who is invited, does here from now on. Raises as `authority.check`."""
    member = lock_one(StaffMember.objects.select_related("user").filter(id=member_id))
    authority.check(actor=actor, member=member, role=role)
    before = _told(member)
    member.role = role
    member.save(update_fields=["role"])
    member.establishments.set(establishments if role in PLACED else [])
    if (after := _told(member)) != before:
        _record("staff.changed", member, actor, at, changes={key: [before[key], after[key]] for key in after})
    return member


@operation
def withdraw(*, member_id: UUID, actor: Actor, at: datetime) -> None:
    """The rights end, and every session with them; the account stays, for who is a parent too. Twice is once.

    Raises as `authority.check`.
    """
    member = lock_one(StaffMember.objects.select_related("user").filter(id=member_id))
    authority.check(actor=actor, member=member)
    if not _moved(member, MemberState.ACTIVE, MemberState.WITHDRAWN):
        return
    for session in UserSession.objects.filter(user_id=member.user_id):
        session.end()
    _record("staff.withdrawn", member, actor, at)


@operation
def give_back(*, member_id: UUID, actor: Actor, at: datetime) -> None:
    """As it was before it was withdrawn. Twice is once. Raises LimitReached, and as `authority.check`."""
    member = lock_one(StaffMember.objects.select_related("user").filter(id=member_id))
    authority.check(actor=actor, member=member, role=member.role)
    if member.state == MemberState.INVITED:
        raise NotYours  # Only the person accepts.
    if member.state == MemberState.ACTIVE:
        return
    limits.check_staff()
    _moved(member, MemberState.WITHDRAWN, MemberState.ACTIVE)
    _record("staff.given_back", member, actor, at)


def _moved(member: StaffMember, old: MemberState, new: MemberState) -> int:
    return StaffMember.objects.filter(id=member.id, state=old).update(state=new)


def _told(member: StaffMember) -> dict[str, object]:
    return {"role": member.role, "establishments": sorted(member.establishments.values_list("name", flat=True))}


def _record(action: str, member: StaffMember, actor: Actor, at: datetime, **more: object) -> None:
    details = {"name": str(member.user), "role": member.role, **more}
    audit.record(action=action, subject="staff", subject_id=member.id, actor=actor, at=at, details=details)
