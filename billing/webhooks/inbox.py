"""Handles the events that were kept, each in the organisation of its account, until it succeeds."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db.models import Count, F, Min, Q

from billing.models import ConnectedAccount, ProcessorEvent
from billing.webhooks.handlers import HANDLERS
from kernel.leases import claimed, next_try
from tenants.context import in_organisation
from tenants.models import Organisation, State

log = structlog.get_logger(__name__)

LAST_ATTEMPT = 20
# An organisation that is being restored listens again soon; none of its attempts is lost meanwhile.
_REOPENED = timedelta(seconds=30)


class _Closed(Exception):
    """The organisation is out of service for a moment."""


@dataclass(frozen=True, slots=True)
class Unhandled:
    """How many events are not handled yet: those that are tried again, those that failed too often, and since when."""

    waiting: int
    given_up: int
    oldest: datetime | None


def unhandled() -> Unhandled:
    """On the registry."""
    return Unhandled(
        **ProcessorEvent.objects.filter(handled_at=None).aggregate(
            waiting=Count("pk", filter=Q(attempts__lt=LAST_ATTEMPT)),
            given_up=Count("pk", filter=Q(attempts__gte=LAST_ATTEMPT)),
            oldest=Min("received_at"),
        )
    )


def handle_waiting(*, at: datetime) -> None:
    for event in claimed(ProcessorEvent.objects.filter(handled_at=None, attempts__lt=LAST_ATTEMPT), at=at):
        _handle(event, at)


def begin_again(*, at: datetime) -> int:
    """Put back in line those that failed too often, whose cause was mended. Returns how many."""
    given_up = ProcessorEvent.objects.filter(handled_at=None, attempts__gte=LAST_ATTEMPT)
    return given_up.update(attempts=0, due_at=at)


def _handle(event: ProcessorEvent, at: datetime) -> None:
    kept = ProcessorEvent.objects.filter(pk=event.pk)
    try:
        _dispatch(event)
    except _Closed:
        kept.update(due_at=at + _REOPENED, attempts=F("attempts") - 1)
    except Exception as error:
        log.exception("billing.event_failed", kind=event.kind, processor_event=event.processor_id)
        kept.update(last_error=repr(error)[:2000], due_at=next_try(event.attempts, at=at))
    else:
        kept.update(handled_at=at, last_error="")


def _dispatch(event: ProcessorEvent) -> None:
    handler = HANDLERS.get(event.kind)
    if handler is None:
        return
    organisation = _organisation_of(event)
    if organisation is None:
        # Somebody else's account on the same platform key: nothing of ours can be about it.
        log.warning("billing.event_of_unknown_account", processor_event=event.processor_id, account=event.account)
        return
    if organisation.state == State.RESTORING:
        raise _Closed
    with in_organisation(organisation):
        handler(event.payload["data"]["object"])


def _organisation_of(event: ProcessorEvent) -> Organisation | None:
    """That of the account; of what happened on the platform's own, that which the platform wrote on it."""
    if event.account:
        account = ConnectedAccount.objects.select_related("organisation").filter(processor_id=event.account).first()
        return account.organisation if account else None
    named = str(_metadata(event.payload["data"]["object"]).get("organisation", ""))
    return Organisation.objects.filter(schema_name=named).first() if named else None


def _metadata(thing: dict[str, Any]) -> dict[str, Any]:
    """What the platform wrote on it; of an invoice, on the subscription that it is for."""
    details = (thing.get("parent") or {}).get("subscription_details") or {}
    return {**(details.get("metadata") or {}), **(thing.get("metadata") or {})}
