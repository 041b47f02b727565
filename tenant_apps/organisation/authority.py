"""Who may make and unmake staff: the rules that no page, and no race between two of them, goes around."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kernel.database import lock
from kernel.errors import Refusal
from shared_apps.audit.actors import Actor
from tenant_apps.organisation.models import MemberState, Role, StaffMember

MANAGERS = frozenset({Role.OWNER, Role.ADMINISTRATOR})


class NotYours(Refusal):
    """Who asks does not, or no longer, manage the staff."""

    code = "staff_not_yours"
    message = _("Votre rôle ne permet pas ce changement.")


class OwnersOnly(Refusal):
    code = "staff_owners_only"
    message = _("Seul un propriétaire donne ou retire le rôle de propriétaire.")


class NotOneself(Refusal):
    code = "staff_not_oneself"
    message = _("Personne ne change son propre rôle. Demandez-le à un collègue.")


class LastOwner(Refusal):
    code = "staff_last_owner"
    message = _("C’est le dernier propriétaire\u202f: nommez-en un autre d’abord.")


def check(*, actor: Actor, member: StaffMember | None, role: str = "") -> None:
    """May `actor` do it to `member`, or give `role`? Raises the refusals above.

    The owners' rows stay locked to the end of the transaction: of two who unmake each other, the second is refused.
    """
    owners = {each.user_id for each in lock(StaffMember.objects.filter(role=Role.OWNER, state=MemberState.ACTIVE))}
    touches_owners = role == Role.OWNER or (member is not None and member.role == Role.OWNER)
    if actor.kind == "staff":
        _check_colleague(actor.user_id, member, owners=owners, touches_owners=touches_owners)
    elif actor.kind not in ("operator", "system"):
        raise NotYours
    if member is not None and owners == {member.user_id} and role != Role.OWNER:
        raise LastOwner


def _check_colleague(
    user_id: UUID | None, member: StaffMember | None, *, owners: set[UUID], touches_owners: bool
) -> None:
    own = StaffMember.objects.filter(state=MemberState.ACTIVE, role__in=MANAGERS)
    if user_id is None or not own.filter(user_id=user_id).exists():
        raise NotYours
    if member is not None and member.user_id == user_id:
        raise NotOneself
    if touches_owners and user_id not in owners:
        raise OwnersOnly
