"""The organisation cancels a whole choice or offering: nobody else takes it, and who has it is told and paid back.

A worker does it a few families at a time; whatever stops it, it is begun again where it was (outbox).
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from kernel import clock
from kernel.errors import Refusal
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from shared_apps.outbox import operations as outbox
from tenant_apps.catalog.models import Option
from tenant_apps.changes.errors import ReasonMissing
from tenant_apps.changes.operations import deciding
from tenant_apps.registrations import freeing, requests, support
from tenant_apps.registrations import operations as registrations
from tenant_apps.registrations.errors import BasketClosed, BeingPaid
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
    lines = Registration.objects.filter(status=Status.REQUESTED, request__in=waiting_for, option__in=option_ids)
    _tell_lost(lines.order_by("pk").values_list("pk", flat=True), answer, at)
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
    support.refuse_all(option_ids=payload["options"], most=_AT_ONCE, answer=payload["answer"], actor=actor, at=at)
    for line in concerned.filter(status=Status.HELD).select_related("basket")[:_AT_ONCE]:
        with suppress(BasketClosed, BeingPaid):
            _let_go(line, payload["answer"], actor, at)
    for registration_id in concerned.filter(status=Status.CONFIRMED).values_list("id", flat=True)[:_AT_ONCE]:
        # One that moves at this instant stops nobody else: it is found as it is then, the next time.
        with suppress(Refusal):
            deciding.cancel_registration(registration_id=registration_id, answer=payload["answer"], actor=actor, at=at)
    if concerned.filter(status__in=(Status.HELD, Status.CONFIRMED)).exists():
        _go_on(payload["options"], payload["answer"], payload["user"], payload["label"], at)


def left(option_ids: Sequence[UUID]) -> int:
    """How many still have it, or are paying for it."""
    return Registration.objects.filter(option__in=option_ids, status__in=TAKING).count()


@operation
def _let_go(line: Registration, answer: str, actor: Actor, at: datetime) -> None:
    if line.basket.closed_at is None:
        registrations.release(basket_id=line.basket_id, registration_ids=[line.id], actor=actor, at=at)
    else:
        # Kept in a basket of its own, which was closed from the start, or offered into one that has just been.
        freeing.free([line], at=at)
    released = Registration.objects.filter(pk=line.pk, status=Status.RELEASED)
    _tell_lost(released.values_list("pk", flat=True), answer, at)


def _tell_lost(registration_ids: Iterable[UUID], answer: str, at: datetime) -> None:
    """What was waited for, or lay in a basket: nothing was paid for it, and its family is told all the same."""
    payloads = [{"registration": str(each), "answer": answer} for each in registration_ids]
    outbox.tell_all(kind="changes.closed_for", payloads=payloads, at=at)


def _go_on(options: Sequence[str], answer: str, user: str, label: str, at: datetime) -> None:
    payload = {"options": list(options), "answer": answer, "user": user, "label": label}
    outbox.tell(kind=EVENT, payload=payload, at=at)
