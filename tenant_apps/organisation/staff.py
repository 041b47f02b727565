"""Invites people to work here: a link by e-mail, good for seven days, once, for the last that was sent."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kernel import signing
from kernel.database import lock_one
from kernel.errors import Refusal
from kernel.transactions import operation
from shared_apps.accounts.models import User
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from shared_apps.outbox import operations as outbox
from tenant_apps.organisation import authority, limits
from tenant_apps.organisation.models import PLACED, Establishment, MemberState, StaffMember
from tenants import links

LASTS = timedelta(days=7)
_PURPOSE = "staff invitation"
_SITE = settings.URLCONFS["organisation"]


class AlreadyHere(Refusal):
    code = "staff_already_here"
    message = _("Cette personne fait déjà partie du personnel.")


class AccountClosed(Refusal):
    code = "staff_account_closed"
    message = _("Le compte de cette personne est désactivé\u202f: rouvrez-le d’abord.")


# What is said of the address that was typed, rather than of who typed it.
ABOUT_THE_ADDRESS = (AlreadyHere, AccountClosed)


class InvitationOver(Refusal):
    """Used, cancelled, too old, followed by another, or of another organisation: the reader is not told which."""

    code = "invitation_over"
    message = _("Cette invitation n’est plus valable.")


@operation
def invite(
    *,
    email: str,
    first_name: str,
    last_name: str,
    role: str,
    establishments: Iterable[Establishment],
    actor: Actor,
    at: datetime,
) -> StaffMember:
    """Ask somebody to work here. An account that has the address keeps all it is, its names too.

    Raises AlreadyHere, AccountClosed, LimitReached, and as `authority.check`.
    """
    authority.check(actor=actor, member=None, role=role)
    limits.check_staff()
    user = _account(email, first_name, last_name)
    member, made = StaffMember.objects.get_or_create(
        user=user, defaults={"role": role, "state": MemberState.INVITED, "invited_at": at}
    )
    if not made and not _withdrawn(member).update(state=MemberState.INVITED, role=role, invited_at=at):
        raise AlreadyHere
    member.refresh_from_db()
    member.establishments.set(establishments if role in PLACED else [])
    _send(member, "staff.invited", actor, at)
    return member


@operation
def invite_again(*, member_id: UUID, actor: Actor, at: datetime) -> StaffMember:
    """A new link; the one before it is dead. Raises InvitationOver, and as `authority.check`."""
    member = _waiting(member_id)
    authority.check(actor=actor, member=member, role=member.role)
    StaffMember.objects.filter(id=member_id).update(invited_at=at)
    member.invited_at = at
    _send(member, "staff.invited_again", actor, at)
    return member


@operation
def cancel(*, member_id: UUID, actor: Actor, at: datetime) -> None:
    """As if nobody had been invited, but for the trail. Raises InvitationOver, and as `authority.check`."""
    member = _waiting(member_id)
    authority.check(actor=actor, member=member, role=member.role)
    _record("staff.invitation_cancelled", member, actor, at)
    member.delete()


@operation
def accept(*, member_id: UUID, invited_at: datetime, at: datetime) -> StaffMember:
    """The person comes: their role begins, and the link is dead. Raises InvitationOver."""
    waiting = StaffMember.objects.filter(id=member_id, state=MemberState.INVITED, invited_at=invited_at)
    if invited_at + LASTS <= at or not waiting.update(state=MemberState.ACTIVE, accepted_at=at):
        raise InvitationOver
    member = StaffMember.objects.select_related("user").get(id=member_id)
    actor = Actor(kind="staff", user_id=member.user_id, label=str(member.user))
    _record("staff.accepted", member, actor, at)
    return member


def invitation_link(member: StaffMember) -> str:
    """The whole address that opens the invitation, on the organisation's own site. Whoever has it may use it."""
    token = signing.sign([str(member.id), instant(member)], purpose=_PURPOSE)
    return links.absolute(reverse("office:welcome", args=[token], urlconf=_SITE))


def invited_by(token: str, *, at: datetime) -> StaffMember:
    """Who the link asks. Raises InvitationOver."""
    try:
        member_id, instant = signing.read(token, purpose=_PURPOSE)
    except (signing.BadSignature, TypeError, ValueError):
        raise InvitationOver from None
    invited_at = datetime.fromtimestamp(instant // 1_000_000, UTC) + timedelta(microseconds=instant % 1_000_000)
    found = StaffMember.objects.select_related("user").filter(
        id=member_id, state=MemberState.INVITED, invited_at=invited_at, invited_at__gt=at - LASTS
    )
    if (member := found.first()) is None:
        raise InvitationOver
    return member


def instant(member: StaffMember) -> int | None:
    """Which invitation holds: when it was made, in microseconds since 1970, exact as in the database."""
    return _instant(member.invited_at) if member.invited_at else None


def ends_at(member: StaffMember) -> datetime:
    """Raises InvitationOver for who was never invited."""
    if member.invited_at is None:
        raise InvitationOver
    return member.invited_at + LASTS


def _account(email: str, first_name: str, last_name: str) -> User:
    """The account of an address, found or made. Nobody signs in to a new one before they have proved the address."""
    address = email.strip().lower()
    proved = EmailAddress.objects.filter(email__iexact=address, verified=True).select_related("user").first()
    user = proved.user if proved else User.objects.filter(email=address).first()
    if user is None:
        user = User.objects.create_user(address, first_name=first_name, last_name=last_name)
        EmailAddress.objects.create(user=user, email=address, primary=True, verified=False)
    if not user.is_active:
        raise AccountClosed
    return user


def _waiting(member_id: UUID) -> StaffMember:
    try:
        return lock_one(StaffMember.objects.filter(id=member_id, state=MemberState.INVITED))
    except StaffMember.DoesNotExist:
        raise InvitationOver from None


def _send(member: StaffMember, action: str, actor: Actor, at: datetime) -> None:
    _record(action, member, actor, at)
    outbox.tell(kind="staff.invited", payload={"member": str(member.id), "at": _instant(at)}, at=at)


def _withdrawn(member: StaffMember) -> QuerySet[StaffMember]:
    return StaffMember.objects.filter(id=member.id, state=MemberState.WITHDRAWN)


def _instant(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _record(action: str, member: StaffMember, actor: Actor, at: datetime) -> None:
    details = {"name": str(member.user), "role": member.role}
    audit.record(action=action, subject="staff", subject_id=member.id, actor=actor, at=at, details=details)
