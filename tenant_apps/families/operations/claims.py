"""Somebody says that a child who is known already is theirs: it waits for staff, or for who is responsible."""

from datetime import datetime
from typing import Any
from uuid import UUID

from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from shared_apps.outbox import operations as outbox
from tenant_apps.families import queries
from tenant_apps.families.identity import Identity
from tenant_apps.families.models import Guardianship, LinkKind, LinkRequest, LinkStatus
from tenant_apps.families.operations import links
from tenant_apps.families.rights import Rights


@operation
def claim(
    *, guardian_id: UUID, participant_id: UUID, role: str, identity: Identity, actor: Actor, at: datetime
) -> LinkRequest:
    """Keep what was said, for whoever decides. The same claim twice is one claim."""
    request, made = LinkRequest.objects.get_or_create(
        kind=LinkKind.CLAIM,
        status=LinkStatus.PENDING,
        participant_id=participant_id,
        guardian_id=guardian_id,
        defaults={"role": role, "said": _said(identity), "created_at": at},
    )
    if made:
        _record("claim.made", request, actor, at)
        outbox.tell(kind="families.claimed", payload={"request": str(request.id)}, at=at)
    return request


@operation
def accept_claim(
    *, request_id: UUID, role: str, rights: Rights, actor: Actor, at: datetime, decided_by: UUID | None = None
) -> Guardianship:
    """Link who asked. `decided_by` is the guardian who answers for the child; None for staff.

    A guardian gives no right that they have not. Raises NotPending, and Blocked.
    """
    request = _taken(request_id, LinkStatus.ACCEPTED, decided_by, at)
    if decided_by is not None:
        own = Guardianship.objects.get(guardian_id=decided_by, participant_id=request.participant_id)
        rights = rights.within(may_enrol=own.may_enrol, may_see_health=own.may_see_health, may_pay=own.may_pay)
    if request.guardian_id is None:
        raise links.NotPending
    made = links.link(
        guardian_id=request.guardian_id, participant_id=request.participant_id, role=role, rights=rights, at=at
    )
    _record("claim.accepted", request, actor, at)
    outbox.tell(kind="families.claim_decided", payload={"request": str(request.id)}, at=at)
    return made


@operation
def refuse_claim(*, request_id: UUID, actor: Actor, at: datetime, decided_by: UUID | None = None) -> None:
    """Raises NotPending."""
    request = _taken(request_id, LinkStatus.REFUSED, decided_by, at)
    _record("claim.refused", request, actor, at)
    outbox.tell(kind="families.claim_decided", payload={"request": str(request.id)}, at=at)


@operation
def withdraw_claim(*, request_id: UUID, guardian_id: UUID, actor: Actor, at: datetime) -> None:
    """Who asked changes their mind. Raises NotPending."""
    waiting = LinkRequest.objects.filter(
        id=request_id, guardian_id=guardian_id, kind=LinkKind.CLAIM, status=LinkStatus.PENDING
    )
    request = waiting.first()
    if request is None or not waiting.update(status=LinkStatus.CANCELLED, decided_at=at):
        raise links.NotPending
    _record("claim.withdrawn", request, actor, at)


def _taken(request_id: UUID, status: str, decided_by: UUID | None, at: datetime) -> LinkRequest:
    """One conditional update: staff and a parent who decide at once decide once."""
    waiting = queries.open_claims() if decided_by is None else queries.claims_to_decide(decided_by)
    request = waiting.filter(id=request_id).first()
    moved = LinkRequest.objects.filter(id=request_id, status=LinkStatus.PENDING)
    if request is None or not moved.update(status=status, decided_at=at):
        raise links.NotPending
    return request


def _said(identity: Identity) -> dict[str, Any]:
    return {
        "last_name": identity.last_name,
        "first_name": identity.first_name,
        "used_name": identity.used_name,
        "birth_date": identity.birth_date.isoformat() if identity.birth_date else None,
        "establishment": str(identity.establishment_id) if identity.establishment_id else None,
        "level": str(identity.level_id) if identity.level_id else None,
        "student_number": identity.student_number,
    }


def _record(action: str, request: LinkRequest, actor: Actor, at: datetime) -> None:
    audit.record(action=action, subject="participant", subject_id=request.participant_id, actor=actor, at=at)
