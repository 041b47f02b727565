"""Two households of one child, in the words of a test."""

from datetime import date
from typing import Any
from uuid import UUID

from cryptography.fernet import InvalidToken

from shared_apps.accounts import secrets
from shared_apps.audit.actors import Actor
from shared_apps.outbox.models import Event
from tenant_apps.families.models import Guardian, Guardianship, LinkRequest, Participant
from tenant_apps.families.operations import invitations
from tenant_apps.families.rights import Rights
from tests.factories.moments import NOON

BORN = date(2019, 6, 12)


def actor_of(guardian: Guardian) -> Actor:
    return Actor(kind="guardian", user_id=guardian.user_id, label=str(guardian))


def a_link(guardian: Guardian, child: Participant, **columns: Any) -> Guardianship:
    return Guardianship.objects.create(guardian=guardian, participant=child, **columns)


def an_invitation(
    inviter: Guardian, child: Participant, *, email: str = "georges@example.org", at: Any = NOON, **rights: Any
) -> tuple[LinkRequest, str]:
    """The request, and the code that its mail has."""
    request = invitations.invite(
        guardian_id=inviter.id,
        participant_id=child.id,
        email=email,
        role="parent",
        rights=Rights(**rights),
        actor=actor_of(inviter),
        at=at,
    )
    return request, code_sent(request.id)


def code_sent(request_id: UUID) -> str:
    """What the last mail about an invitation will have in it."""
    event = Event.objects.filter(kind="families.invited", payload__request=str(request_id)).latest("id")
    try:
        return secrets.decrypt(event.payload["code"], purpose=invitations.PURPOSE)
    except InvalidToken as error:
        raise AssertionError("the code of another organisation") from error
