"""What staff do: accept or refuse what a family asked; change, withdraw or cancel a registration themselves."""

from datetime import datetime, timedelta
from uuid import UUID

from kernel.database import unique
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from shared_apps.outbox import operations as outbox
from tenant_apps.changes import checking, errors, telling
from tenant_apps.changes.models import ChangeRequest, Kind, Status
from tenant_apps.changes.operations import doing
from tenant_apps.changes.states import move
from tenant_apps.changes.telling import Said
from tenant_apps.registrations import operations as registrations
from tenant_apps.registrations.models import Registration
from tenant_apps.registrations.models import Status as RegistrationStatus


@operation
def accept(
    *, change_id: UUID, actor: Actor, at: datetime, answer: str = "", fee_cents: int | None = None
) -> ChangeRequest:
    """`fee_cents`: another fee than the one that was shown; None leaves it.

    Raises AlreadyDecided, NotConfirmed, TooMuch, or what refuses the place: OptionFull, NotAllowed, FormsMissing.
    """
    change = ChangeRequest.objects.get(pk=change_id)
    registration = doing.locked(change.registration_id, change.participant_id)
    change = _waiting(change_id)
    # What was shown may be more than what is left, once another registration of the family has changed.
    shown = min(change.fee_cents, doing.most_kept(change, registration, at=at))
    change.fee_cents = shown if fee_cents is None else fee_cents
    _say(change, answer)
    carry_out(change, registration, least=doing.TO_PAY, actor=actor, at=at)
    return change


@operation
def refuse(*, change_id: UUID, answer: str, actor: Actor, at: datetime) -> ChangeRequest:
    """The registration stays as it is. Raises ReasonMissing and AlreadyDecided."""
    if not answer.strip():
        raise errors.ReasonMissing
    change = _waiting(change_id)
    _say(change, answer)
    own = ChangeRequest.objects.filter(pk=change_id)
    if not move(own, Status.REFUSED, sealed=change.sealed, decided_at=at, decided_by=actor.user_id):
        raise errors.AlreadyDecided(now=own.get().get_status_display())
    _tell("refused", change, actor, at)
    return change


@operation
def make(
    *,
    kind: Kind,
    registration_id: UUID,
    actor: Actor,
    at: datetime,
    fee_cents: int = 0,
    answer: str = "",
    option_id: UUID | None = None,
    participant_id: UUID | None = None,
) -> ChangeRequest:
    """At the counter or by telephone: the policy is for families, and staff say the fee.

    Raises as `accept`, and AlreadyAsked or InBasket: one change at a time.
    """
    registration = doing.locked(registration_id, participant_id)
    checking.alone(registration)
    change = _new(kind, registration, fee_cents, answer, at)
    change.option_id, change.participant_id = option_id, participant_id
    with unique(errors.AlreadyAsked):
        change.save(force_insert=True)
    carry_out(change, registration, least=doing.TO_PAY, actor=actor, at=at)
    return change


@operation
def cancel_registration(*, registration_id: UUID, answer: str, actor: Actor, at: datetime) -> ChangeRequest | None:
    """The organisation takes it back, and all of what was paid goes back. Done once: None for what has ended.

    What the family had asked meanwhile is answered by it. Raises ReasonMissing.
    """
    if not answer.strip():
        raise errors.ReasonMissing
    registration = doing.locked(registration_id)
    if registration.status != RegistrationStatus.CONFIRMED:
        return None
    _end_what_waits(registration, actor, at)
    change = _new(Kind.WITHDRAWAL, registration, 0, answer, at)
    change.save(force_insert=True)
    refund = doing.give_up(change, registration, to=RegistrationStatus.CANCELLED, actor=actor, at=at)
    _accepted(change, refund, actor, at)
    return change


def carry_out(
    change: ChangeRequest, registration: Registration, *, least: timedelta, actor: Actor, at: datetime
) -> None:
    """Called inside the operation that asks or accepts."""
    refund = doing.do(change, registration, least=least, actor=actor, at=at)
    _accepted(change, refund, actor, at)


def _accepted(change: ChangeRequest, refund_cents: int, actor: Actor, at: datetime) -> None:
    own = ChangeRequest.objects.filter(pk=change.pk)
    said = {"fee_cents": change.fee_cents, "refund_cents": refund_cents, "sealed": change.sealed}
    decided_by = actor.user_id if actor.kind == "staff" else None
    if not move(own, Status.ACCEPTED, decided_at=at, decided_by=decided_by, **said):
        raise errors.AlreadyDecided(now=own.get().get_status_display())
    change.refresh_from_db()
    _tell("accepted", change, actor, at)


def _waiting(change_id: UUID) -> ChangeRequest:
    change = ChangeRequest.objects.get(pk=change_id)
    if change.status != Status.ASKED:
        raise errors.AlreadyDecided(now=change.get_status_display())
    return change


def _new(kind: Kind, registration: Registration, fee_cents: int, answer: str, at: datetime) -> ChangeRequest:
    change = ChangeRequest(
        kind=kind,
        registration=registration,
        guardian_id=registration.basket.guardian_id,
        fee_cents=fee_cents,
        asked_at=at,
    )
    change.sealed = telling.seal(Said(answer=answer), change)
    return change


def _say(change: ChangeRequest, answer: str) -> None:
    if answer.strip():
        change.sealed = telling.seal(telling.said(change).with_answer(answer), change)


def _end_what_waits(registration: Registration, actor: Actor, at: datetime) -> None:
    """A request that is studied, and another choice that lies in the basket for it."""
    move(ChangeRequest.objects.filter(registration=registration), Status.CANCELLED, decided_at=at)
    held = Registration.objects.filter(replaces=registration, status=RegistrationStatus.HELD)
    for line in held:
        registrations.release(basket_id=line.basket_id, registration_ids=[line.id], actor=actor, at=at)


def _tell(what: str, change: ChangeRequest, actor: Actor, at: datetime) -> None:
    audit.record(
        action=f"changes.{what}",
        subject="change",
        subject_id=change.id,
        actor=actor,
        at=at,
        details={
            "kind": change.kind,
            "registration": str(change.registration_id),
            "fee": change.fee_cents,
            "refund": change.refund_cents,
        },
    )
    outbox.tell(kind="changes.decided", payload={"change": str(change.id)}, at=at)
