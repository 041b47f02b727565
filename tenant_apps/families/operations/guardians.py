"""Writes guardians, with or without an account, and what their household answers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from kernel.transactions import operation
from shared_apps.accounts.models import User
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import SYSTEM, Actor
from tenant_apps.families import locks
from tenant_apps.families.models import Guardian, Household

# Questions that forms ask of the guardian, and where their answers are kept once they are known.
_OF_THE_GUARDIAN = {"guardian_last_name": "last_name", "guardian_first_name": "first_name", "guardian_phone": "phone"}


@operation
def ensure_guardian(*, user: User, at: datetime) -> Guardian:
    """The guardian's profile of an account, made at its first use."""
    guardian = Guardian.objects.filter(user=user).first()
    if guardian is not None:
        return guardian
    begun: dict[str, Any] = {
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": user.email,
        "language": user.language or "fr",
        # Called in the same savepoint as the profile: of two first visits at once, the second leaves no household.
        "household": lambda: Household.objects.create(created_at=at),
        "created_at": at,
    }
    guardian, _made = Guardian.objects.get_or_create(user=user, defaults=begun)
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
def part_from_account(*, user: User, at: datetime) -> None:
    """The profile was filled in by somebody who never proved the account's address: its owner begins another."""
    parted = Guardian.objects.filter(user=user).first()
    if parted and Guardian.objects.filter(id=parted.id, user=user).update(user=None):
        audit.record(action="guardian.parted", subject="guardian", subject_id=parted.id, actor=SYSTEM, at=at)


@operation
def in_turn(*, guardian_id: UUID) -> None:
    """Until the end of this transaction, whoever else writes for this guardian waits."""
    locks.guardian(guardian_id)


# What a person may change of their own profile; the address has a way of its own, that proves it.
_OWN = frozenset({"first_name", "last_name", "phone", "birth_date", "language"})


@operation
def change_guardian(
    *, guardian_id: UUID, actor: Actor, at: datetime, household: Mapping[str, Any] | None = None, **said: Any
) -> None:
    """Write the columns that are named, but for those that an authentic source gave."""
    locks.guardian(guardian_id)
    guardian = Guardian.objects.get(id=guardian_id)
    for column in (said.keys() & _OWN) - set(guardian.locked_fields):
        setattr(guardian, column, said[column])
    guardian.save(update_fields=sorted(_OWN))
    answer_for_household(guardian_id=guardian_id, answers=household or {}, at=at)
    audit.record(action="guardian.changed", subject="guardian", subject_id=guardian_id, actor=actor, at=at)


@operation
def answer_for_household(*, guardian_id: UUID, answers: Mapping[str, Any], at: datetime) -> None:
    """Keep what is the family's own: asked once, for all its children.

    A guardian of whom no name or telephone is known yet is who the form says they are.
    """
    if not answers:
        return
    locks.guardian(guardian_id)
    guardian = Guardian.objects.select_related("household").get(id=guardian_id)
    _introduce(guardian, answers)
    if guardian.household is None:
        guardian.household = Household.objects.create(answers=dict(answers), created_at=at)
        guardian.save(update_fields=["household"])
        return
    guardian.household.answers = {**guardian.household.answers, **answers}
    guardian.household.save(update_fields=["answers"])


def _introduce(guardian: Guardian, answers: Mapping[str, Any]) -> None:
    said = {column: str(answers.get(key) or "") for key, column in _OF_THE_GUARDIAN.items()}
    unknown = [column for column, value in said.items() if value and not getattr(guardian, column)]
    for column in unknown:
        setattr(guardian, column, said[column])
    if unknown:
        guardian.save(update_fields=unknown)
