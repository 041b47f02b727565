"""What the first page of the workplace says of the subscription: nothing, while all is well."""

from dataclasses import dataclass
from datetime import datetime

from billing import deadlines, details
from billing.models import Subscription, SubscriptionState
from tenants.models import Organisation


@dataclass(frozen=True, slots=True)
class Standing:
    """As `billing.overview.Overview` has it, of the subscription alone."""

    subscription: Subscription
    suspends_at: datetime | None
    has_details: bool

    @property
    def is_on_trial(self) -> bool:
        return self.subscription.state == SubscriptionState.TRIAL

    @property
    def is_late(self) -> bool:
        return self.subscription.state == SubscriptionState.PAST_DUE

    @property
    def has_ended(self) -> bool:
        return self.subscription.state == SubscriptionState.ENDED


def standing_of(organisation: Organisation, *, at: datetime) -> Standing | None:
    """Inside the organisation. None for who has no subscription."""
    found = Subscription.objects.filter(organisation=organisation).first()
    if found is None:
        return None
    return Standing(
        subscription=found,
        suspends_at=deadlines.suspension_of(found) if deadlines.is_at_risk(found, at=at) else None,
        has_details=details.are_complete(found.billing),
    )
