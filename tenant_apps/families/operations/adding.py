"""Adds a child to a family: a new one, one that the organisation knew and that is proven theirs, or a claim."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.families import locks, matching, queries
from tenant_apps.families.identity import Answers, Identity
from tenant_apps.families.models import (
    Guardian,
    GuardianshipRole,
    LinkKind,
    LinkRequest,
    LinkStatus,
    Participant,
)
from tenant_apps.families.operations import claims, links, participants
from tenant_apps.families.rights import Rights

_MOST_CLAIMS = 5
_REMEMBERED = timedelta(days=1)


class TooManyClaims(Refusal):
    code = "too_many_claims"
    message = _("Plusieurs de vos demandes attendent déjà une réponse de l’organisation.")


class AlreadyMember(Refusal):
    code = "already_member"
    message = _("Vous figurez déjà dans votre liste.")


class Outcome(StrEnum):
    ADDED = "added"
    LINKED = "linked"
    CLAIMED = "claimed"


@dataclass(frozen=True, slots=True)
class Addition:
    """`participant` is None for a claim: nothing of the child is shown before somebody has said yes."""

    outcome: Outcome
    participant: Participant | None


@operation
def add_child(
    *,
    guardian_id: UUID,
    identity: Identity,
    answers: Answers,
    actor: Actor,
    at: datetime,
    role: str = GuardianshipRole.PARENT,
) -> Addition:
    """Never a second record of one child. Raises AlreadyListed and TooManyClaims.

    What was answered is kept with a child that is new or proven, and not with a claim.
    """
    locks.guardian(guardian_id)
    participants.refuse_if_listed(guardian_id, identity)
    number = str(answers.sealed.get(matching.NATIONAL_NUMBER) or "")
    match = matching.find(identity, guardian_id=guardian_id, number=number)
    if match is None:
        added = participants.add_participant(
            guardian_id=guardian_id, identity=identity, answers=answers, actor=actor, at=at, role=role
        )
        return Addition(Outcome.ADDED, added)
    if match.is_proven:
        links.link(guardian_id=guardian_id, participant_id=match.participant.id, role=role, rights=Rights(), at=at)
        linked = participants.complete_participant(
            guardian_id=guardian_id,
            participant_id=match.participant.id,
            identity=identity,
            answers=answers,
            actor=actor,
            at=at,
        )
        _record("participant.linked", linked.id, actor, at)
        return Addition(Outcome.LINKED, linked)
    _claim(guardian_id, match.participant, role, identity, actor, at)
    return Addition(Outcome.CLAIMED, None)


@operation
def add_self(*, guardian_id: UUID, identity: Identity, answers: Answers, actor: Actor, at: datetime) -> Participant:
    """The account's holder takes part too (S2-05), once. Raises AlreadyMember.

    The name and the birth date become the guardian's own, except for what an authentic source has given.
    """
    locks.guardian(guardian_id)
    if queries.own_membership(guardian_id) is not None:
        raise AlreadyMember
    guardian = Guardian.objects.get(id=guardian_id)
    columns = ("last_name", "first_name", "birth_date")
    for column in columns:
        if column not in guardian.locked_fields:
            setattr(guardian, column, getattr(identity, column))
    guardian.save(update_fields=list(columns))
    known = Identity(
        last_name=guardian.last_name,
        first_name=guardian.first_name,
        birth_date=guardian.birth_date,
        establishment_id=identity.establishment_id,
        level_id=identity.level_id,
    )
    return participants.add_participant(
        guardian_id=guardian_id, identity=known, answers=answers, actor=actor, at=at, role=GuardianshipRole.SELF
    )


def _claim(guardian_id: UUID, known: Participant, role: str, identity: Identity, actor: Actor, at: datetime) -> None:
    """Few at a time, and few that are made and withdrawn: a claim is no way to ask who is enrolled here."""
    made = LinkRequest.objects.filter(guardian_id=guardian_id, kind=LinkKind.CLAIM)
    waiting = made.filter(status=LinkStatus.PENDING).exclude(participant=known)
    withdrawn = made.filter(status=LinkStatus.CANCELLED, decided_at__gt=at - _REMEMBERED)
    if waiting.count() + withdrawn.count() >= _MOST_CLAIMS:
        raise TooManyClaims
    claims.claim(guardian_id=guardian_id, participant_id=known.id, role=role, identity=identity, actor=actor, at=at)


def _record(action: str, participant_id: UUID, actor: Actor, at: datetime) -> None:
    audit.record(action=action, subject="participant", subject_id=participant_id, actor=actor, at=at)
