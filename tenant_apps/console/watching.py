"""What operators do about what they watch: told in the trail, in the same transaction."""

from datetime import datetime

from billing.webhooks import inbox
from kernel.errors import Refusal
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from shared_apps.outbox import operations as outbox
from tenant_apps.console import trails
from tenants.context import in_organisation, in_registry
from tenants.models import SERVED, Fault, Organisation


class NotServed(Refusal):
    """Only of an organisation that is there can messages be sent."""

    code = "not_served"


@operation
def send_failed_again(*, organisation: Organisation, actor: Actor, at: datetime) -> int:
    """Put back in line the messages that failed, which nobody reads here. Returns how many. Raises NotServed.

    The organisation's own trail says so as well.
    """
    if organisation.state not in SERVED:
        raise NotServed
    with in_organisation(organisation):
        number = outbox.send_failed_again(at=at)
        if number:
            audit.record(
                action="messages.sent_again",
                subject="outbox",
                subject_id=None,
                actor=Actor(kind=actor.kind, label=actor.label),
                at=at,
                details={"messages": number},
            )
    trails.record("organisations.mail_sent_again", organisation.pk, actor, at, words=str(number))
    return number


@operation
def handle_events_again(*, actor: Actor, at: datetime) -> int:
    """Put back in line the processor's events that failed too often. Returns how many."""
    with in_registry():
        number = inbox.begin_again(at=at)
    audit.record(
        action="platform.events_again",
        subject="platform",
        subject_id=None,
        actor=actor,
        at=at,
        details={"words": str(number)},
    )
    return number


@operation
def settle(*, fault_id: int, actor: Actor, at: datetime) -> None:
    """Seen to; should it come back it is open again by itself. Twice is once."""
    _mark(fault_id, "faults.settled", actor, at, settled_at=at)


@operation
def reopen(*, fault_id: int, actor: Actor, at: datetime) -> None:
    _mark(fault_id, "faults.reopened", actor, at, settled_at=None)


def _mark(fault_id: int, action: str, actor: Actor, at: datetime, *, settled_at: datetime | None) -> None:
    with in_registry():
        faults = Fault.objects.filter(pk=fault_id, settled_at__isnull=settled_at is not None)
        fault = faults.first()
        if fault is None or not faults.update(settled_at=settled_at):
            return
    trails.record(action, fault.organisation_id, actor, at, words=fault.kind)
