"""What time brings: the end of a trial, reminders, and in the end a suspension; each at its day, each once."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from billing import deadlines, details, following, invoicing, telling
from billing.models import Collection, Subscription, SubscriptionState
from kernel.transactions import operation
from tenants.context import in_registry
from tenants.models import SERVED, Organisation, State, SuspendedFor
from tenants.operations import suspend as moves

_BEFORE_THE_END: telling.Steps = (("trial:-7", -timedelta(days=7)), ("trial:-1", -timedelta(days=1)))
_WITHOUT_DETAILS: telling.Steps = (
    ("details:0", timedelta()),
    ("details:7", timedelta(days=7)),
    ("details:13", timedelta(days=13)),
)
_DEBT: telling.Steps = tuple((f"debt:{days}", timedelta(days=days)) for days in (0, 7, 14, 21))
# How long the processor's silence is believed.
_ASKED_EVERY = timedelta(hours=20)


def to_look_at() -> QuerySet[Subscription]:
    """On the registry."""
    return Subscription.objects.filter(organisation__state__in=SERVED).select_related("organisation", "plan")


def look_at(*, subscription_id: UUID, at: datetime) -> None:
    """Do for one organisation what the day asks. Raises ProcessorUnavailable or ProcessorRefused."""
    with in_registry():
        subscription = to_look_at().filter(pk=subscription_id).first()
    if subscription is None:
        return
    if subscription.state == SubscriptionState.TRIAL:
        _on_trial(subscription, at)
        return
    if subscription.checked_at is None or subscription.checked_at + _ASKED_EVERY <= at:
        following.refresh(organisation_id=subscription.organisation_id, at=at)
        with in_registry():
            subscription = to_look_at().get(pk=subscription_id)
    if subscription.state == SubscriptionState.PAST_DUE and subscription.past_due_since:
        _in_debt(subscription, subscription.past_due_since, at)
    if subscription.state == SubscriptionState.ENDED:
        _suspend_when_due(subscription, at)


def _on_trial(subscription: Subscription, at: datetime) -> None:
    until = subscription.trial_until
    if until is None:
        return
    if at < until:
        telling.tell_step(subscription, steps=_BEFORE_THE_END, since=until, at=at)
    elif subscription.ends_at is not None:
        _end(subscription, at)
    elif details.are_complete(subscription.billing):
        invoicing.begin(organisation_id=subscription.organisation_id, at=at)
    else:
        telling.tell_step(subscription, steps=_WITHOUT_DETAILS, since=until, at=at)
        _suspend_when_due(subscription, at)


def _in_debt(subscription: Subscription, since: datetime, at: datetime) -> None:
    telling.tell_step(subscription, steps=_DEBT, since=since, at=at, by_card=subscription.collection == Collection.CARD)
    _suspend_when_due(subscription, at)


def _suspend_when_due(subscription: Subscription, at: datetime) -> None:
    if deadlines.has_come(subscription, at=at):
        _suspend(subscription, at)


@operation
def _suspend(subscription: Subscription, at: datetime) -> None:
    """Unless it was paid since it was read, or is out of service for another reason already."""
    with in_registry():
        # The update holds the row: a payment that is being written waits, or was written and is seen.
        unchanged = Subscription.objects.filter(pk=subscription.pk, state=subscription.state)
        if not unchanged.update(state=subscription.state):
            return
        organisation = Organisation.objects.filter(pk=subscription.organisation_id, state=State.READY).first()
        if organisation is not None:
            moves.suspend(organisation_id=organisation.pk, reason=SuspendedFor.UNPAID, at=at)
            telling.tell_suspension(organisation, since=at, is_back=False, at=at)


@operation
def _end(subscription: Subscription, at: datetime) -> None:
    with in_registry():
        Subscription.objects.filter(pk=subscription.pk, state=SubscriptionState.TRIAL).update(
            state=SubscriptionState.ENDED
        )
