"""Steps of a trial or of a debt, and what they end in, told once each by a room that knows whom to write to."""

from datetime import datetime, timedelta
from typing import Any

from billing.models import Subscription
from kernel.transactions import operation
from shared_apps.outbox import operations as outbox
from tenants.context import in_organisation, in_registry
from tenants.models import Organisation

# Heard by a room above: {"step", and what it is about}.
REMINDER = "billing.reminder"
# Heard there too: {"since": when it was suspended, "is_back"}.
SUSPENSION = "billing.suspension"

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


@operation
def tell_suspension(organisation: Organisation, *, since: datetime, is_back: bool, at: datetime) -> None:
    """That it can only be read since then, or no longer so. In the transaction that did it."""
    with in_organisation(organisation):
        outbox.tell(kind=SUSPENSION, payload={"since": since.isoformat(), "is_back": is_back}, at=at)
