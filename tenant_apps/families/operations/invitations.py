"""A guardian invites another by e-mail: what is proposed, and the one moment when it is accepted or refused."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal
from kernel.transactions import operation
from shared_apps.accounts import secrets
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from shared_apps.outbox import operations as outbox
from tenant_apps.families import codes, custody, locks, queries
from tenant_apps.families.models import Guardianship, GuardianshipRole, LinkKind, LinkRequest, LinkStatus
from tenant_apps.families.operations import links
from tenant_apps.families.rights import Rights

VALID_FOR = timedelta(days=14)
PURPOSE = "invitation"
_MOST_PENDING = 5


class TooManyInvitations(Refusal):
    code = "too_many_invitations"
    message = _("Trop d’invitations attendent déjà une réponse. Annulez-en une d’abord.")


class MayNotInvite(Refusal):
    code = "may_not_invite"
    message = _("Votre lien avec cet enfant ne permet pas d’inviter quelqu’un.")


class NoSuchInvitation(Refusal):
    code = "no_such_invitation"
    message = _("Cette invitation n’est plus valable. Demandez-en une nouvelle à qui vous l’a envoyée.")


class AlreadyResponsible(Refusal):
    code = "already_responsible"
    message = _("Cet enfant est déjà dans votre liste.")


@operation
def invite(
    *, guardian_id: UUID, participant_id: UUID, email: str, role: str, rights: Rights, actor: Actor, at: datetime
) -> LinkRequest:
    """Propose a link to whoever reads that mailbox. Nobody proposes a right that they have not themselves.

    Raises Participant.DoesNotExist, MayNotInvite, TooManyInvitations.
    """
    locks.guardian(guardian_id)
    locks.participant(guardian_id, participant_id)
    own = Guardianship.objects.get(guardian_id=guardian_id, participant_id=participant_id)
    if not own.may_enrol or own.role == GuardianshipRole.SELF:
        raise MayNotInvite
    if len(pending := _pending(guardian_id, participant_id)) >= _MOST_PENDING:
        raise TooManyInvitations
    given = rights.within(may_enrol=own.may_enrol, may_see_health=own.may_see_health, may_pay=own.may_pay)
    for request in pending:
        if request.email.casefold() == email.casefold():
            _move(request.id, LinkStatus.CANCELLED, at)
    request = LinkRequest.objects.create(
        kind=LinkKind.INVITATION,
        participant_id=participant_id,
        invited_by_id=guardian_id,
        email=email,
        role=role,
        rights=given.as_data(),
        created_at=at,
    )
    _send(request, at)
    _record("invitation.sent", request, actor, at)
    return request


@operation
def resend(*, guardian_id: UUID, request_id: UUID, actor: Actor, at: datetime) -> LinkRequest:
    """Another code to the same address, for another fourteen days; the one sent before is dead. Raises NotPending."""
    locks.guardian(guardian_id)
    request = LinkRequest.objects.filter(
        id=request_id, invited_by_id=guardian_id, kind=LinkKind.INVITATION, status=LinkStatus.PENDING
    ).first()
    if request is None:
        raise links.NotPending
    _send(request, at)
    _record("invitation.sent_again", request, actor, at)
    return request


@operation
def cancel(*, guardian_id: UUID, request_id: UUID, actor: Actor, at: datetime) -> LinkRequest:
    """Raises NotPending."""
    request = LinkRequest.objects.filter(id=request_id, invited_by_id=guardian_id, kind=LinkKind.INVITATION).first()
    if request is None or not _move(request.id, LinkStatus.CANCELLED, at):
        raise links.NotPending
    _record("invitation.cancelled", request, actor, at)
    return request


@operation
def accept(*, code: str, guardian_id: UUID, actor: Actor, at: datetime) -> Guardianship:
    """Whoever holds the code becomes responsible too. It serves once; sent twice by the same one, it is one answer.

    Raises NoSuchInvitation for a code that is unknown, used, cancelled or too old, and for whoever is kept away from
    the child; AlreadyResponsible.
    """
    if again := _accepted(code, guardian_id):
        return again
    request = read(code=code, at=at, guardian_id=guardian_id)
    if Guardianship.objects.filter(guardian_id=guardian_id, participant_id=request.participant_id).exists():
        raise AlreadyResponsible
    if not _move(request.id, LinkStatus.ACCEPTED, at, guardian_id=guardian_id):
        if again := _accepted(code, guardian_id):
            return again
        raise NoSuchInvitation
    rights = proposed(request)
    made = links.link(
        guardian_id=guardian_id, participant_id=request.participant_id, role=request.role, rights=rights, at=at
    )
    inviter_id = request.invited_by_id
    if inviter_id is not None:
        _settle_turns(inviter_id, request.participant_id, rights)
        if rights.same_household:
            links.share_household(host_id=inviter_id, guest_id=guardian_id, at=at)
    _record("invitation.accepted", request, actor, at)
    outbox.tell(kind="families.invitation_answered", payload={"request": str(request.id)}, at=at)
    return made


@operation
def refuse(*, code: str, guardian_id: UUID, actor: Actor, at: datetime) -> None:
    """Raises NoSuchInvitation."""
    request = read(code=code, at=at, guardian_id=guardian_id)
    if not _move(request.id, LinkStatus.REFUSED, at):
        raise NoSuchInvitation
    _record("invitation.refused", request, actor, at)
    outbox.tell(kind="families.invitation_answered", payload={"request": str(request.id)}, at=at)


def read(*, code: str, at: datetime, guardian_id: UUID) -> LinkRequest:
    """The invitation that a code opens to a guardian, as long as its sender is still responsible.

    To whoever is kept away from the child it says nothing. Raises NoSuchInvitation.
    """
    hashed = codes.hashed(code)
    request = (
        LinkRequest.objects.filter(
            kind=LinkKind.INVITATION, status=LinkStatus.PENDING, code_hash=hashed, expires_at__gt=at
        )
        .select_related("participant", "invited_by")
        .first()
        if hashed
        else None
    )
    if request is None or request.invited_by is None or not _still_holds(request):
        raise NoSuchInvitation
    if request.participant_id in queries.hidden_from(guardian_id):
        raise NoSuchInvitation
    return request


def proposed(request: LinkRequest) -> Rights:
    """What the invitation gives today: nobody gives a right that they have lost since."""
    own = Guardianship.objects.get(guardian=request.invited_by, participant_id=request.participant_id)
    rights = Rights.read(request.rights)
    return rights.within(may_enrol=own.may_enrol, may_see_health=own.may_see_health, may_pay=own.may_pay)


def _accepted(code: str, guardian_id: UUID) -> Guardianship | None:
    """The link that this very guardian has from this code."""
    taken = LinkRequest.objects.filter(
        kind=LinkKind.INVITATION, status=LinkStatus.ACCEPTED, code_hash=codes.hashed(code), guardian_id=guardian_id
    )
    links_of_code = Guardianship.objects.filter(participant_id__in=taken.values("participant_id"), is_blocked=False)
    return links_of_code.filter(guardian_id=guardian_id, participant__removed_at=None).first()


def _still_holds(request: LinkRequest) -> bool:
    return Guardianship.objects.filter(
        guardian=request.invited_by,
        participant_id=request.participant_id,
        participant__removed_at=None,
        is_blocked=False,
        may_enrol=True,
    ).exists()


def _settle_turns(inviter_id: UUID, participant_id: UUID, rights: Rights) -> None:
    """Who gave even weeks keeps the odd ones, unless their own were settled already."""
    left = custody.as_data(custody.other_weeks(custody.read(rights.custody)))
    if left:
        Guardianship.objects.filter(guardian_id=inviter_id, participant_id=participant_id, custody=[]).update(
            custody=left
        )


def _send(request: LinkRequest, at: datetime) -> None:
    """The code is in the mail alone: of what is kept, one part is a hash and the other encrypted."""
    code = codes.new()
    request.code_hash = codes.hashed(code)
    request.expires_at = at + VALID_FOR
    request.save(update_fields=["code_hash", "expires_at"])
    payload = {"request": str(request.id), "code": secrets.encrypt(code, purpose=PURPOSE)}
    outbox.tell(kind="families.invited", payload=payload, at=at)


def _pending(guardian_id: UUID, participant_id: UUID) -> list[LinkRequest]:
    return list(
        LinkRequest.objects.filter(
            kind=LinkKind.INVITATION,
            status=LinkStatus.PENDING,
            invited_by_id=guardian_id,
            participant_id=participant_id,
        )
    )


def _move(request_id: UUID, status: str, at: datetime, **columns: object) -> bool:
    """One conditional update: of two who answer at once, one does."""
    waiting = LinkRequest.objects.filter(id=request_id, status=LinkStatus.PENDING)
    return waiting.update(status=status, decided_at=at, **columns) == 1


def _record(action: str, request: LinkRequest, actor: Actor, at: datetime) -> None:
    audit.record(action=action, subject="participant", subject_id=request.participant_id, actor=actor, at=at)
