"""Writes families: guardians with or without an account, and the participants they are responsible for."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal
from kernel.transactions import operation
from shared_apps.accounts.models import User
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.families import locks, queries
from tenant_apps.families.identity import Identity
from tenant_apps.families.models import Guardian, Guardianship, GuardianshipRole, Participant


class AlreadyListed(Refusal):
    code = "already_listed"
    message = _("Cet enfant est déjà dans votre liste.")


@operation
def ensure_guardian(*, user: User, at: datetime) -> Guardian:
    """The guardian's profile of an account, made at its first use."""
    guardian, _made = Guardian.objects.get_or_create(
        user=user,
        defaults={
            "first_name": user.first_name,
            "last_name": user.last_name,
            "email": user.email,
            "language": user.language or "fr",
            "created_at": at,
        },
    )
    return guardian


@operation
def ensure_guest(
    *, guest_id: UUID, email: str, first_name: str, last_name: str, phone: str, language: str, at: datetime
) -> Guardian:
    """Someone who registers without an account (S1-09), made once however often the form is sent.

    Never joined to an account because of the address alone: `give_to_account` is for the very visitor.
    """
    said = {"email": email, "first_name": first_name, "last_name": last_name, "phone": phone, "language": language}
    guest, _made = Guardian.objects.get_or_create(id=guest_id, defaults={**said, "created_at": at})
    return guest


@operation
def give_to_account(*, guest_id: UUID, user: User, actor: Actor, at: datetime) -> None:
    """What a guest did becomes the file of the account that they have just opened, where it has none of its own."""
    if Guardian.objects.filter(user=user).exists():
        return
    if Guardian.objects.filter(id=guest_id, user=None).update(user=user):
        audit.record(action="guardian.joined", subject="guardian", subject_id=guest_id, actor=actor, at=at)


@operation
def in_turn(*, guardian_id: UUID) -> None:
    """Until the end of this transaction, whoever else writes for this guardian waits."""
    locks.guardian(guardian_id)


@operation
def change_guardian(
    *, guardian_id: UUID, first_name: str, last_name: str, phone: str, actor: Actor, at: datetime
) -> None:
    Guardian.objects.filter(id=guardian_id).update(first_name=first_name, last_name=last_name, phone=phone)
    audit.record(action="guardian.changed", subject="guardian", subject_id=guardian_id, actor=actor, at=at)


@operation
def add_participant(
    *,
    guardian_id: UUID,
    identity: Identity,
    answers: Mapping[str, Any],
    actor: Actor,
    at: datetime,
    role: str = GuardianshipRole.PARENT,
) -> Participant:
    """Raises AlreadyListed for the same name and the same birth date as one of the guardian's own."""
    locks.guardian(guardian_id)
    if any(_is_same(known, identity) for known in queries.participants_of(guardian_id)):
        raise AlreadyListed
    participant = Participant.objects.create(**_columns(identity), answers=dict(answers), created_at=at)
    Guardianship.objects.create(guardian_id=guardian_id, participant=participant, role=role)
    _record("participant.added", participant, actor, at)
    return participant


@operation
def change_participant(
    *,
    guardian_id: UUID,
    participant_id: UUID,
    identity: Identity,
    answers: Mapping[str, Any],
    actor: Actor,
    at: datetime,
) -> Participant:
    """Write the whole record anew, as the profile's form gives it. Raises Participant.DoesNotExist."""
    participant = locks.participant(guardian_id, participant_id)
    return _write(participant, _columns(identity), answers, actor, at)


@operation
def complete_participant(
    *,
    guardian_id: UUID,
    participant_id: UUID,
    identity: Identity,
    answers: Mapping[str, Any],
    actor: Actor,
    at: datetime,
) -> Participant:
    """Write what a registration's form said, and keep what it did not ask. Raises Participant.DoesNotExist."""
    participant = locks.participant(guardian_id, participant_id)
    said = {name: value for name, value in _columns(identity).items() if value not in (None, "")}
    return _write(participant, said, answers, actor, at)


@operation
def remove_participant(*, guardian_id: UUID, participant_id: UUID, actor: Actor, at: datetime) -> None:
    """Take a participant off the family's lists; what was registered and paid stays (S1-17)."""
    participant = locks.participant(guardian_id, participant_id)
    participant.removed_at = at
    participant.save(update_fields=["removed_at"])
    _record("participant.removed", participant, actor, at)


def _write(
    participant: Participant, columns: Mapping[str, Any], answers: Mapping[str, Any], actor: Actor, at: datetime
) -> Participant:
    for name, value in columns.items():
        setattr(participant, name, value)
    participant.answers = {**participant.answers, **answers}
    participant.save()
    _record("participant.changed", participant, actor, at)
    return participant


def _is_same(known: Participant, identity: Identity) -> bool:
    return known.birth_date == identity.birth_date and identity.has_name(known.last_name, known.first_name)


def _columns(identity: Identity) -> dict[str, Any]:
    return {
        "last_name": identity.last_name,
        "first_name": identity.first_name,
        "birth_date": identity.birth_date,
        "establishment_id": identity.establishment_id,
        "level_id": identity.level_id,
    }


def _record(action: str, participant: Participant, actor: Actor, at: datetime) -> None:
    audit.record(action=action, subject="participant", subject_id=participant.id, actor=actor, at=at)
