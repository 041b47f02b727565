"""What staff do: accept with its days, refuse with a reason, end early, take a decision back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from shared_apps.outbox import operations as outbox
from tenant_apps.entitlements import changes, errors, telling
from tenant_apps.entitlements.models import Entitlement, Status
from tenant_apps.entitlements.states import move


@dataclass(frozen=True, slots=True)
class Granted:
    """What staff grant: which one of its kind, from when and until when, that day included; None is without an end."""

    from_on: date | None
    until_on: date | None
    key: str = ""
    answer: str = ""
    ratio: int | None = None


@operation
def accept(*, entitlement_ids: Sequence[UUID], granted: Granted, actor: Actor, at: datetime) -> list[Entitlement]:
    """All of them, or none. Raises AlreadyDecided where one no longer waits, and DaysRefused."""
    if granted.from_on and granted.until_on and granted.until_on < granted.from_on:
        raise errors.DaysRefused
    return [_accept(each, granted, actor, at) for each in sorted(entitlement_ids)]


@operation
def refuse(*, entitlement_ids: Sequence[UUID], answer: str, actor: Actor, at: datetime) -> list[Entitlement]:
    """The family reads why. Raises AlreadyDecided and ReasonMissing."""
    if not answer.strip():
        raise errors.ReasonMissing
    return [_refuse(each, answer.strip(), actor, at) for each in sorted(entitlement_ids)]


@operation
def end(*, entitlement_id: UUID, until_on: date, actor: Actor, at: datetime) -> Entitlement:
    """Let it run out earlier than was said, that day included. Raises NotInForce."""
    later = Q(valid_until_on=None) | Q(valid_until_on__gt=until_on)
    begun = Q(valid_from_on=None) | Q(valid_from_on__lte=until_on)
    running = Entitlement.objects.filter(later, begun, pk=entitlement_id, status=Status.GRANTED)
    if not running.update(valid_until_on=until_on):
        raise errors.NotInForce
    entitlement = Entitlement.objects.get(pk=entitlement_id)
    _record("entitlements.ended", entitlement, actor, at, until_on=until_on.isoformat())
    outbox.tell(kind="entitlements.ended", payload={"entitlement": str(entitlement_id), "key": at.isoformat()}, at=at)
    changes.tell(entitlement.guardian_id, at)
    return entitlement


@operation
def reopen(*, entitlement_id: UUID, actor: Actor, at: datetime) -> Entitlement:
    """Study it again, as if nothing had been decided. Raises AlreadyDecided and AlreadyAsked."""
    decided = Entitlement.objects.filter(pk=entitlement_id)
    undone = {"valid_from_on": None, "valid_until_on": None, "decided_at": None, "decided_by": None}
    try:
        with transaction.atomic():
            moved = move(decided, Status.ASKED, **undone)
    except IntegrityError:
        # The family has asked again since: that request is the one to answer.
        raise errors.AlreadyAsked(names=_named(decided.get())) from None
    entitlement = decided.get()
    if not moved:
        raise errors.AlreadyDecided(now=entitlement.get_status_display())
    _record("entitlements.reopened", entitlement, actor, at)
    changes.tell(entitlement.guardian_id, at)
    return entitlement


def _accept(entitlement_id: UUID, granted: Granted, actor: Actor, at: datetime) -> Entitlement:
    days = {"valid_from_on": granted.from_on, "valid_until_on": granted.until_on}
    entitlement = Entitlement.objects.get(pk=entitlement_id)
    told = telling.said(entitlement).with_answer(granted.answer.strip(), granted.ratio)
    _decide(entitlement, Status.GRANTED, actor, at, key=granted.key, sealed=telling.seal(told, entitlement), **days)
    until = granted.until_on.isoformat() if granted.until_on else None
    _record("entitlements.accepted", entitlement, actor, at, until_on=until)
    changes.tell(entitlement.guardian_id, at)
    return entitlement


def _refuse(entitlement_id: UUID, answer: str, actor: Actor, at: datetime) -> Entitlement:
    entitlement = Entitlement.objects.get(pk=entitlement_id)
    told = telling.said(entitlement).with_answer(answer, None)
    _decide(entitlement, Status.REFUSED, actor, at, sealed=telling.seal(told, entitlement))
    _record("entitlements.refused", entitlement, actor, at)
    return entitlement


def _decide(entitlement: Entitlement, to: Status, actor: Actor, at: datetime, **columns: Any) -> None:
    """The update is the claim: of two who answer at once, one wins and the other is told."""
    waiting = Entitlement.objects.filter(pk=entitlement.id)
    if not move(waiting.filter(status=Status.ASKED), to, decided_at=at, decided_by=actor.user_id, **columns):
        raise errors.AlreadyDecided(now=waiting.get().get_status_display())
    entitlement.refresh_from_db()
    payload = {"entitlement": str(entitlement.id), "key": at.isoformat()}
    outbox.tell(kind="entitlements.decided", payload=payload, at=at)


def _record(action: str, entitlement: Entitlement, actor: Actor, at: datetime, **details: Any) -> None:
    """Never what was said: the trail tells who decided what, and when."""
    audit.record(
        action=action,
        subject="entitlement",
        subject_id=entitlement.id,
        actor=actor,
        at=at,
        details={"kind": entitlement.kind, **details},
    )


def _named(entitlement: Entitlement) -> str:
    child = entitlement.participant
    return ", ".join([entitlement.get_kind_display(), *([child.shown_name] if child else [])])
