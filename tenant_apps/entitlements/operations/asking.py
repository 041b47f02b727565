"""What families do: ask, with proofs, and take a request back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from shared_apps.outbox import operations as outbox
from tenant_apps.entitlements import errors, telling
from tenant_apps.entitlements.models import Entitlement, Kind, Status
from tenant_apps.entitlements.states import move
from tenant_apps.entitlements.telling import Said
from tenant_apps.families import locks
from tenant_apps.families import queries as families
from tenant_apps.families.models import Participant


@operation
def ask(
    *,
    guardian_id: UUID,
    kind: Kind,
    participant_ids: Sequence[UUID | None],
    actor: Actor,
    at: datetime,
    key: str = "",
    offering_id: UUID | None = None,
    option_id: UUID | None = None,
    words: str = "",
    upload_ids: Sequence[UUID] = (),
) -> list[Entitlement]:
    """One request for each participant; None asks for the whole household. The proofs are the same for all of them.

    Raises MayNotAsk and AlreadyAsked.
    """
    locks.guardian(guardian_id)
    _check_may_ask(guardian_id, participant_ids)
    requests = [
        Entitlement(
            kind=kind,
            key=key,
            guardian_id=guardian_id,
            participant_id=participant_id,
            offering_id=offering_id,
            option_id=option_id,
            uploads=[str(each) for each in upload_ids],
            asked_at=at,
        )
        for participant_id in participant_ids
    ]
    for request in requests:
        request.sealed = telling.seal(Said(words=words), request)
    _insert(requests)
    audit.record_many(
        subject="entitlement",
        entries=[("entitlements.asked", request.id, {"kind": kind}) for request in requests],
        actor=actor,
        at=at,
    )
    told = {"entitlements": [str(request.id) for request in requests]}
    outbox.tell(kind="entitlements.asked", payload=told, at=at)
    return requests


@operation
def withdraw(*, entitlement_id: UUID, guardian_id: UUID, actor: Actor, at: datetime) -> Entitlement:
    """Take back a request of one's own that waits. Raises Entitlement.DoesNotExist and AlreadyDecided."""
    own = Entitlement.objects.filter(pk=entitlement_id, guardian_id=guardian_id)
    moved = move(own, Status.WITHDRAWN, decided_at=at)
    request = own.get()
    if not moved:
        raise errors.AlreadyDecided(now=request.get_status_display())
    audit.record(
        action="entitlements.withdrawn",
        subject="entitlement",
        subject_id=request.id,
        actor=actor,
        at=at,
        details={"kind": request.kind},
    )
    return request


def _check_may_ask(guardian_id: UUID, participant_ids: Sequence[UUID | None]) -> None:
    named = {each for each in participant_ids if each is not None}
    if not named <= families.changeable_by(guardian_id):
        raise errors.MayNotAsk


def _insert(requests: Sequence[Entitlement]) -> None:
    """The database refuses a second request of the same kind while the first is studied."""
    try:
        with transaction.atomic():
            Entitlement.objects.bulk_create(requests)
    except IntegrityError:
        raise errors.AlreadyAsked(names=_names(requests)) from None


def _names(requests: Sequence[Entitlement]) -> str:
    kind = str(Kind(requests[0].kind).label)
    children = Participant.objects.filter(id__in=[request.participant_id for request in requests])
    return ", ".join([kind, *(child.shown_name for child in children.order_by("first_name"))])
