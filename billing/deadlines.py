"""When an organisation that owes something can only be read, if nothing is done."""

from datetime import datetime, timedelta

from billing.models import Subscription, SubscriptionState

_WITHOUT_DETAILS = timedelta(days=14)
_IN_DEBT = timedelta(days=30)


def suspension_of(subscription: Subscription) -> datetime | None:
    """None for who owes nothing and says nothing too late."""
    if subscription.state == SubscriptionState.PAST_DUE and subscription.past_due_since:
        planned = subscription.past_due_since + _IN_DEBT
    elif subscription.state == SubscriptionState.TRIAL and subscription.trial_until:
        planned = subscription.trial_until + _WITHOUT_DETAILS
    elif subscription.state == SubscriptionState.ENDED and subscription.ends_at:
        planned = subscription.ends_at
    else:
        return None
    return max(planned, subscription.suspend_after or planned)


def has_come(subscription: Subscription, *, at: datetime) -> bool:
    moment = suspension_of(subscription)
    return moment is not None and moment <= at


def is_at_risk(subscription: Subscription, *, at: datetime) -> bool:
    """Is something owed, or to be said, without which it ends in a suspension?"""
    if subscription.state == SubscriptionState.PAST_DUE:
        return True
    over = subscription.trial_until is not None and subscription.trial_until <= at
    return subscription.state == SubscriptionState.TRIAL and over
