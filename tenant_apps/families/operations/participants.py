"""Writes the participants that a guardian is responsible for."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from shared_apps.vault import sealing
from tenant_apps.families import locks, matching, queries
from tenant_apps.families.identity import Answers, Identity
from tenant_apps.families.leavers import LEAVERS
from tenant_apps.families.models import Guardianship, GuardianshipRole, Participant
from tenant_apps.families.operations import guardians


class AlreadyListed(Refusal):
    code = "already_listed"
    message = _("Cet enfant est déjà dans votre liste.")


class NumberTaken(Refusal):
    """The national number is another child's: which one is not said."""

    code = "number_taken"
    message = _("Ce numéro national ne peut pas être enregistré ici. Vérifiez-le, ou écrivez à l’organisation.")


class MayNotChange(Refusal):
    """Of the guardian's rights, enrolling is the one that also opens who the child is."""

    code = "may_not_change"
    message = _("Votre lien avec cette personne ne permet pas de changer son dossier.")


@operation
def add_participant(
    *,
    guardian_id: UUID,
    identity: Identity,
    answers: Answers,
    actor: Actor,
    at: datetime,
    role: str = GuardianshipRole.PARENT,
) -> Participant:
    """Raises AlreadyListed for the same name and the same birth date as one of the guardian's own."""
    locks.guardian(guardian_id)
    refuse_if_listed(guardian_id, identity)
    participant = Participant(**_columns(identity), created_at=at)
    _answer(participant, answers)
    _save(participant, force_insert=True)
    Guardianship.objects.create(guardian_id=guardian_id, participant=participant, role=role, created_at=at)
    guardians.answer_for_household(guardian_id=guardian_id, answers=answers.household, at=at)
    _record("participant.added", participant, actor, at)
    return participant


@operation
def change_participant(
    *,
    guardian_id: UUID,
    participant_id: UUID,
    identity: Identity,
    answers: Answers,
    actor: Actor,
    at: datetime,
    asked: Collection[str] | None = None,
) -> Participant:
    """Write the record anew, as the profile's form gives it. Raises Participant.DoesNotExist and MayNotChange.

    `asked` are the names of the form's questions: what it does not ask stays as it was. None is all of them.
    """
    participant = _changeable(guardian_id, participant_id)
    said = {name: value for name, value in _columns(identity).items() if asked is None or _key(name) in asked}
    guardians.answer_for_household(guardian_id=guardian_id, answers=answers.household, at=at)
    return _write(participant, said, answers, actor, at)


@operation
def complete_participant(
    *,
    guardian_id: UUID,
    participant_id: UUID,
    identity: Identity,
    answers: Answers,
    actor: Actor,
    at: datetime,
) -> Participant:
    """Write what a registration's form said, and keep what it did not ask. Raises Participant.DoesNotExist.

    Who the child is stays as it was where the guardian may not enrol it: a record asked of everyone is answered still.
    """
    participant = locks.participant(guardian_id, participant_id)
    columns = _columns(identity) if queries.may_change(guardian_id, participant_id) else {}
    said = {name: value for name, value in columns.items() if value not in (None, "")}
    guardians.answer_for_household(guardian_id=guardian_id, answers=answers.household, at=at)
    return _write(participant, said, answers, actor, at)


@operation
def remove_participant(*, guardian_id: UUID, participant_id: UUID, actor: Actor, at: datetime) -> None:
    """Take a participant off the family's lists; what was registered and paid stays (S1-17), what was asked does not.

    One whom another guardian has too, or whom the organisation enrolled itself, leaves this guardian's list alone.
    Raises Participant.DoesNotExist and MayNotChange.
    """
    participant = _changeable(guardian_id, participant_id)
    for _name, leave in LEAVERS:
        leave(guardian_id, participant_id, actor, at)
    others = Guardianship.objects.filter(participant=participant).exclude(guardian_id=guardian_id)
    if participant.external_id or others.exists():
        Guardianship.objects.filter(participant=participant, guardian_id=guardian_id).delete()
        _record("participant.left", participant, actor, at)
        return
    participant.removed_at = at
    participant.save(update_fields=["removed_at"])
    _record("participant.removed", participant, actor, at)


def refuse_if_listed(guardian_id: UUID, identity: Identity) -> None:
    """Raises AlreadyListed for the same name and the same birth date as one of the guardian's own."""
    if any(_is_same(known, identity) for known in queries.participants_of(guardian_id)):
        raise AlreadyListed


def _changeable(guardian_id: UUID, participant_id: UUID) -> Participant:
    participant = locks.participant(guardian_id, participant_id)
    if not queries.may_change(guardian_id, participant_id):
        raise MayNotChange
    return participant


def _write(
    participant: Participant, columns: Mapping[str, Any], answers: Answers, actor: Actor, at: datetime
) -> Participant:
    for column, value in columns.items():
        if _key(column) not in participant.locked_fields:
            setattr(participant, column, value)
    _answer(participant, answers)
    _save(participant)
    _record("participant.changed", participant, actor, at)
    return participant


def _answer(participant: Participant, answers: Answers) -> None:
    """Keep the answers, but for those that an authentic source gave."""
    locked = set(participant.locked_fields)
    participant.answers |= {key: value for key, value in answers.own.items() if key not in locked}
    said = {key: value for key, value in answers.sealed.items() if key not in locked}
    if said:
        known = queries.sealed_answers(participant)
        participant.sealed = sealing.seal({**known, **said}, place=queries.SEALED, row_id=participant.id)
    if matching.NATIONAL_NUMBER in said:
        participant.national_number_hash = matching.national_number_hash(str(said[matching.NATIONAL_NUMBER] or ""))


def _save(participant: Participant, *, force_insert: bool = False) -> None:
    try:
        with transaction.atomic():
            participant.save(force_insert=force_insert)
    except IntegrityError:
        raise NumberTaken from None


def _is_same(known: Participant, identity: Identity) -> bool:
    return known.birth_date == identity.birth_date and identity.has_name(known.last_name, known.first_name)


def _columns(identity: Identity) -> dict[str, Any]:
    return {
        "last_name": identity.last_name,
        "first_name": identity.first_name,
        "birth_date": identity.birth_date,
        "establishment_id": identity.establishment_id,
        "level_id": identity.level_id,
        "used_name": identity.used_name,
        "student_number": identity.student_number,
    }


def _key(column: str) -> str:
    """The question that asks for a column."""
    return column.removesuffix("_id")


def _record(action: str, participant: Participant, actor: Actor, at: datetime) -> None:
    audit.record(action=action, subject="participant", subject_id=participant.id, actor=actor, at=at)
