"""What Prometheus reads of the accounts and of the inbox (tenants.watching.gauges)."""

from collections.abc import Iterator

from django.db.models import Count, Q
from prometheus_client.core import Metric

from billing.models import ConnectedAccount, Subscription
from billing.webhooks import inbox
from kernel import clock
from tenants.watching.gauges import by


def told() -> Iterator[Metric]:
    at = clock.now()
    stopped = ConnectedAccount.objects.filter(disconnected_at=None).filter(
        Q(charges_enabled=False) | Q(payouts_enabled=False)
    )
    paused = stopped.values_list("organisation__slug").annotate(Count("pk")).order_by("organisation__slug")
    yield by("payees_paused", "Accounts that take or send no money.", ["organisation"], (([s], n) for s, n in paused))
    states = Subscription.objects.values_list("state").annotate(Count("pk")).order_by("state")
    yield by("subscriptions", "Subscriptions, by state.", ["state"], (([state], number) for state, number in states))
    events = inbox.unhandled()
    age = (at - events.oldest).total_seconds() if events.oldest else 0
    yield by("inbox_waiting", "Events of the processor to handle.", [], [([], events.waiting)])
    yield by("inbox_given_up", "Events that failed too often.", [], [([], events.given_up)])
    yield by("inbox_oldest_seconds", "Age of the oldest of them.", [], [([], age)])
