"""What staff decide about a family: who is responsible for whom, with which rights, and who is kept away."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.families.leavers import LEAVERS
from tenant_apps.families.models import Guardian, Guardianship, Participant
from tenant_apps.families.operations.claiming import NAMED_BY_ADDRESS
from tenant_apps.families.rights import Rights


class AlreadyResponsible(Refusal):
    code = "already_responsible"
    message = _("Cette personne est déjà rattachée à l’enfant.")


class NoReason(Refusal):
    code = "no_reason"
    message = _("Écrivez la raison\u202f: elle reste réservée au personnel.")


@dataclass(frozen=True, slots=True)
class Person:
    """An adult whom the organisation names itself."""

    email: str
    first_name: str = ""
    last_name: str = ""
    phone: str = ""
    language: str = "fr"


@operation
def set_rights(*, link_id: UUID, role: str, rights: Rights, actor: Actor, at: datetime) -> None:
    """Raises Guardianship.DoesNotExist."""
    link = _locked(link_id)
    said = {"role": role, **rights.columns()}
    changed = sorted(name for name, value in said.items() if getattr(link, name) != value)
    if not changed:
        return
    Guardianship.objects.filter(id=link_id).update(**said)
    _record("link.changed", link, actor, at, columns=changed)


@operation
def block(*, link_id: UUID, reason: str, actor: Actor, at: datetime) -> None:
    """From now on this adult sees nothing of the participant, and waits for nothing with them.

    Raises NoReason. Blocking twice is blocking once.
    """
    reason = reason.strip()
    if not reason:
        raise NoReason
    link = _locked(link_id)
    if Guardianship.objects.filter(id=link_id, is_blocked=False).update(is_blocked=True, blocked_reason=reason):
        _record("link.blocked", link, actor, at)
        for _name, leave in LEAVERS:
            leave(link.guardian_id, link.participant_id, actor, at)


@operation
def unblock(*, link_id: UUID, actor: Actor, at: datetime) -> None:
    link = _locked(link_id)
    if Guardianship.objects.filter(id=link_id, is_blocked=True).update(is_blocked=False, blocked_reason=""):
        _record("link.unblocked", link, actor, at)


@operation
def add_guardian(
    *, participant_id: UUID, person: Person, role: str, rights: Rights, actor: Actor, at: datetime
) -> Guardianship:
    """Make the adult at this address responsible: the account that has it, or whom it will be given to at its opening.

    What a guest once said of themselves proves nothing: a guest is never taken for the adult. Raises
    AlreadyResponsible, for someone blocked too.
    """
    guardian = _with_account(person.email) or _named(person.email) or _new(person, at)
    try:
        with transaction.atomic():
            link = Guardianship.objects.create(
                guardian=guardian, participant_id=participant_id, role=role, created_at=at, **rights.columns()
            )
    except IntegrityError:
        raise AlreadyResponsible from None
    _record("link.added", link, actor, at)
    return link


@operation
def correct_participant(*, participant_id: UUID, columns: Mapping[str, Any], actor: Actor, at: datetime) -> None:
    """Write what staff know better, in columns that the family cannot change too. Raises Participant.DoesNotExist."""
    # A write takes the lock, as everywhere in this room (families.locks).
    Participant.objects.filter(id=participant_id).update(id=participant_id)
    participant = Participant.objects.get(id=participant_id, merged_into=None)
    changed = sorted(name for name, value in columns.items() if getattr(participant, name) != value)
    if not changed:
        return
    for name in changed:
        setattr(participant, name, columns[name])
    participant.save(update_fields=changed)
    audit.record(
        action="participant.corrected",
        subject="participant",
        subject_id=participant_id,
        actor=actor,
        at=at,
        details={"columns": changed},
    )


def _locked(link_id: UUID) -> Guardianship:
    # A write takes the lock, as everywhere in this room (families.locks).
    Guardianship.objects.filter(id=link_id).update(id=link_id)
    return Guardianship.objects.get(id=link_id)


def _with_account(email: str) -> Guardian | None:
    return Guardian.objects.filter(user__email__iexact=email, merged_into=None).first()


def _named(email: str) -> Guardian | None:
    """Whom the organisation already named with this address, alone with it."""
    named = Guardian.objects.filter(
        user=None, merged_into=None, email__iexact=email, locked_fields__contains=[NAMED_BY_ADDRESS]
    )[:2]
    return named[0] if len(named) == 1 else None


def _new(person: Person, at: datetime) -> Guardian:
    said = {**asdict(person), "email": person.email.lower()}
    return Guardian.objects.create(**said, locked_fields=[NAMED_BY_ADDRESS], created_at=at)


def _record(action: str, link: Guardianship, actor: Actor, at: datetime, **details: Any) -> None:
    """In the trail of the participant, with whom it is about."""
    audit.record(
        action=action,
        subject="participant",
        subject_id=link.participant_id,
        actor=actor,
        at=at,
        details={"guardian": str(link.guardian_id), **details},
    )
