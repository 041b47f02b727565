"""What families do: ask for a change whose price they were shown, and take the request back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from kernel.database import unique
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from shared_apps.outbox import operations as outbox
from tenant_apps.catalog.models import Option
from tenant_apps.changes import checking, errors, quotes, telling
from tenant_apps.changes.models import ChangeRequest, Kind, Status
from tenant_apps.changes.operations import deciding, doing
from tenant_apps.changes.policy import Decision, Policy, policy_of
from tenant_apps.changes.quotes import Quote
from tenant_apps.changes.states import move
from tenant_apps.changes.telling import Said
from tenant_apps.families import queries as families
from tenant_apps.families.models import Participant
from tenant_apps.registrations.models import Registration


@operation
def ask(
    *,
    guardian_id: UUID,
    kind: Kind,
    registration_id: UUID,
    expected: tuple[int, int, int],
    actor: Actor,
    at: datetime,
    option_id: UUID | None = None,
    participant_id: UUID | None = None,
    words: str = "",
    upload_ids: Sequence[UUID] = (),
) -> ChangeRequest:
    """Done at once, or studied, as the policy says. `expected`: the fee, the refund and the rest due that were shown.

    Raises Registration.DoesNotExist for what is not the guardian's; the refusals of `checking`; QuoteChanged.
    """
    Registration.objects.get(pk=registration_id, basket__guardian_id=guardian_id)
    registration = doing.locked(registration_id, participant_id)
    policy = policy_of(registration.option.offering, kind)
    checking.standing(registration, policy, guardian_id=guardian_id, at=at)
    quote = _quote(kind, registration, policy, guardian_id, option_id, participant_id, at)
    if quote.shown != expected:
        raise errors.QuoteChanged
    change = ChangeRequest(
        kind=kind,
        registration=registration,
        guardian_id=guardian_id,
        option_id=option_id,
        participant_id=participant_id,
        fee_cents=quote.fee_cents,
        refund_cents=quote.refund_cents,
        uploads=[str(each) for each in upload_ids],
        asked_at=at,
    )
    change.sealed = telling.seal(Said(words=words), change)
    with unique(errors.AlreadyAsked):
        change.save(force_insert=True)
    _record("asked", change, actor, at)
    if policy.decision == Decision.AUTOMATIC:
        deciding.carry_out(change, registration, least=timedelta(), actor=actor, at=at)
    else:
        outbox.tell(kind="changes.asked", payload={"change": str(change.id)}, at=at)
    return change


@operation
def cancel(*, change_id: UUID, guardian_id: UUID, actor: Actor, at: datetime) -> ChangeRequest:
    """Take back a request of one's own that waits. Raises ChangeRequest.DoesNotExist and AlreadyDecided."""
    own = ChangeRequest.objects.filter(pk=change_id, guardian_id=guardian_id)
    moved = move(own, Status.CANCELLED, decided_at=at)
    change = own.get()
    if not moved:
        raise errors.AlreadyDecided(now=change.get_status_display())
    _record("cancelled", change, actor, at)
    return change


def _quote(
    kind: Kind,
    registration: Registration,
    policy: Policy,
    guardian_id: UUID,
    option_id: UUID | None,
    participant_id: UUID | None,
    at: datetime,
) -> Quote:
    if kind == Kind.WITHDRAWAL:
        return quotes.of_withdrawal(registration, policy, at=at)
    if kind == Kind.SWAP:
        options = Option.objects.filter(
            offering_id=registration.option.offering_id, pk__in=[option_id] if option_id else []
        )
        option = options.select_related("offering__season", "offering__category").first()
        if option is None or option.pk == registration.option_id:
            raise errors.NotSwappable
        checking.takes(registration, option, registration.participant, at=at)
        return quotes.of_swaps(registration, [option], policy, at=at)[option.id]
    if participant_id is None or not families.may_change(guardian_id, participant_id):
        raise errors.MayNotChange
    participant = Participant.objects.get(pk=participant_id)
    checking.takes(registration, registration.option, participant, at=at)
    checking.answers_of(registration, participant, at=at)
    return quotes.of_transfer(registration, policy, at=at)


def _record(what: str, change: ChangeRequest, actor: Actor, at: datetime) -> None:
    audit.record(
        action=f"changes.{what}",
        subject="change",
        subject_id=change.id,
        actor=actor,
        at=at,
        details={"kind": change.kind, "registration": str(change.registration_id)},
    )
