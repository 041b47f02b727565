"""The organisation cancels a whole choice or offering: nobody else takes it, and who has it is told and paid back.

A worker does it a few families at a time; whatever stops it, it is begun again where it was (outbox).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from kernel import clock
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from shared_apps.outbox import operations as outbox
from tenant_apps.catalog.models import Option
from tenant_apps.changes.errors import ReasonMissing
from tenant_apps.changes.operations import deciding
from tenant_apps.registrations import freeing, requests
from tenant_apps.registrations import operations as registrations
from tenant_apps.registrations.models import PlaceRequest, Registration, RequestStatus, Status
from tenant_apps.registrations.states import TAKING

_AT_ONCE = 20
EVENT = "changes.closing"


@operation
def close(*, option_ids: Sequence[UUID], answer: str, actor: Actor, at: datetime) -> None:
    """Said twice, it is done once: what is cancelled already stays so. Raises ReasonMissing."""
    if not answer.strip():
        raise ReasonMissing
    Option.objects.filter(pk__in=option_ids).update(is_offered=False)
    # What comes free is for nobody any more.
    waiting_for = PlaceRequest.objects.filter(status=RequestStatus.WAITING, registrations__option__in=option_ids)
    left = requests.drop(waiting_for.distinct(), RequestStatus.LEFT, at=at)
    audit.record_many(
        subject="request",
        entries=[("registrations.left", request_id, {}) for request_id in left],
        actor=actor,
        at=at,
    )
    audit.record_many(
        subject="option",
        entries=[("changes.closed", option_id, {}) for option_id in option_ids],
        actor=actor,
        at=at,
    )
    _go_on([str(each) for each in option_ids], answer, str(actor.user_id or ""), actor.label, at)


def next_ones(payload: dict[str, Any]) -> None:
    """What the worker hears: the next families, then the word to itself until nobody is left."""
    at = clock.now()
    user_id = UUID(payload["user"]) if payload["user"] else None
    actor = Actor(kind="staff", user_id=user_id, label=payload["label"])
    concerned = Registration.objects.filter(option__in=payload["options"])
    _let_go_of_baskets(concerned.filter(status=Status.HELD)[:_AT_ONCE], actor, at)
    for registration_id in concerned.filter(status=Status.CONFIRMED).values_list("id", flat=True)[:_AT_ONCE]:
        deciding.cancel_registration(registration_id=registration_id, answer=payload["answer"], actor=actor, at=at)
    if concerned.filter(status__in=(Status.HELD, Status.CONFIRMED)).exists():
        _go_on(payload["options"], payload["answer"], payload["user"], payload["label"], at)


def left(option_ids: Sequence[UUID]) -> int:
    """How many still have it, or are paying for it."""
    return Registration.objects.filter(option__in=option_ids, status__in=TAKING).count()


def _let_go_of_baskets(held: QuerySet[Registration], actor: Actor, at: datetime) -> None:
    for line in held.select_related("basket"):
        if line.basket.closed_at is None:
            registrations.release(basket_id=line.basket_id, registration_ids=[line.id], actor=actor, at=at)
        else:
            # Kept for a request that is studied, in a basket that was closed from the start.
            freeing.free([line], at=at)


def _go_on(options: Sequence[str], answer: str, user: str, label: str, at: datetime) -> None:
    payload = {"options": list(options), "answer": answer, "user": user, "label": label}
    outbox.tell(kind=EVENT, payload=payload, at=at)
