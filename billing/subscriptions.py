"""Which plan an organisation has, from its first day; the processor hears of it once there is something to invoice."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from billing import fees, plans
from billing.models import Subscription, SubscriptionState
from kernel import clock
from kernel.transactions import operation
from tenants.context import in_registry
from tenants.models import Organisation

# At this hour of the first of a month what was used in the month before is counted, and sent.
_HOUR = timedelta(hours=6)


@operation
def begin_trial(
    *, organisation_id: UUID, plan: str = "", billing: dict[str, Any] | None = None, at: datetime
) -> Subscription | None:
    """A trial of that plan, or of the first offered; what the organisation has already is left as it is.

    None where the platform sells nothing, or not in its currency. Nothing is said to the processor.
    """
    with in_registry():
        organisation = Organisation.objects.get(pk=organisation_id)
        wanted = plans.chosen(plan)
        if wanted is None or organisation.currency not in wanted.prices:
            return None
        subscription, _ = Subscription.objects.get_or_create(
            organisation=organisation,
            defaults={
                "plan": wanted,
                "state": SubscriptionState.TRIAL,
                "currency": organisation.currency,
                "trial_until": trial_end(organisation, days=wanted.trial_days, at=at),
                "billing": billing or {},
                "created_at": at,
            },
        )
        fees.write(organisation_id)
        return subscription


def trial_end(organisation: Organisation, *, days: int, at: datetime) -> datetime:
    """The first of the month that follows those days, so that each invoice is of one month."""
    zone = ZoneInfo(organisation.time_zone)
    day = clock.local_date(at + timedelta(days=days), zone)
    if day.day > 1:
        day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return clock.start_of_day(day, zone) + _HOUR
