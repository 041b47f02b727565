"""Steps of a trial or of a debt, each told once to the organisation, by a room that knows whom to write to."""

from datetime import datetime, timedelta
from typing import Any

from billing.models import Subscription
from kernel.transactions import operation
from shared_apps.outbox import operations as outbox
from tenants.context import in_organisation, in_registry

# Heard by a room above: {"step", and what it is about}.
REMINDER = "billing.reminder"

Steps = tuple[tuple[str, timedelta], ...]


@operation
def tell_step(subscription: Subscription, *, steps: Steps, since: datetime, at: datetime, **payload: Any) -> None:
    """The last of the steps that has come, unless it was told: of those missed, one is enough."""
    due = [name for name, after in steps if since + after <= at]
    if not due or due[-1] in subscription.reminders:
        return
    with in_registry():
        # What was read is the condition: of two that come at once, one tells.
        mine = Subscription.objects.filter(pk=subscription.pk, reminders=subscription.reminders)
        if not mine.update(reminders=[*subscription.reminders, *due]):
            return
    with in_organisation(subscription.organisation):
        outbox.tell(kind=REMINDER, payload={"step": due[-1], "since": since.isoformat(), **payload}, at=at)
