"""What an organisation used, day by day of its own: counted once when the day is over, told once to the meter."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Sum

from billing.gateway import prices
from billing.models import Subscription, SubscriptionState, Usage
from kernel import clock
from kernel.registry import Registry
from kernel.transactions import operation
from tenants.context import current, in_registry

# Told by the rooms that know, inside the organisation, of what lies between two moments; the third is when their month
# begins: "participants" who take part for the first time since then, "transactions", "volume_cents".
Count = Callable[[datetime, datetime, datetime], Mapping[str, int]]
COUNTS: Registry[Count] = Registry("count of what is used")

# The processor takes nothing that is older.
_OLDEST = timedelta(days=34)


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    participants: int
    transactions: int
    volume_cents: int


def count_days(*, at: datetime) -> None:
    """Inside an organisation: each day that is over since the last one counted. A day that was counted stands."""
    organisation = current()
    zone = ZoneInfo(organisation.time_zone)
    yesterday = clock.local_date(at, zone) - timedelta(days=1)
    last = Usage.objects.filter(organisation=organisation).order_by("-day").values_list("day", flat=True).first()
    first = clock.local_date(max(at - _OLDEST, organisation.created_at), zone)
    day = max(last + timedelta(days=1), first) if last else first
    while day <= yesterday:
        _count(day, zone)
        day += timedelta(days=1)


@operation
def _count(day: date, zone: ZoneInfo) -> None:
    organisation = current()
    start, end = clock.start_of_day(day, zone), clock.end_of_day(day, zone)
    month = clock.start_of_day(day.replace(day=1), zone)
    counted = {name: number for _, count in COUNTS for name, number in count(start, end, month).items()}
    with in_registry():
        Usage.objects.bulk_create([Usage(organisation=organisation, day=day, **counted)], ignore_conflicts=True)


def send(*, at: datetime) -> None:
    """Inside an organisation: tell the meter what it was not told. Raises ProcessorUnavailable or ProcessorRefused.

    The end of a day is the moment of its use, so that the last of a month is in that month's invoice.
    """
    organisation = current()
    subscription = Subscription.objects.filter(organisation=organisation).exclude(processor_id="").first()
    if subscription is None or subscription.state == SubscriptionState.ENDED:
        return
    zone = ZoneInfo(organisation.time_zone)
    oldest = clock.local_date(at - _OLDEST, zone)
    for row in Usage.objects.filter(organisation=organisation, sent_at=None, day__gte=oldest).order_by("day"):
        if row.participants:
            prices.tell(
                customer=subscription.customer_id,
                identifier=f"{organisation.schema_name}:{row.day.isoformat()}",
                value=row.participants,
                moment=int(clock.end_of_day(row.day, zone).timestamp()),
            )
        with in_registry():
            Usage.objects.filter(pk=row.pk, sent_at=None).update(sent_at=at)


def forget_before(*, subscription_id: UUID, at: datetime) -> None:
    """On the registry: what was used on trial is told to nobody."""
    organisation = Subscription.objects.values("organisation_id").filter(pk=subscription_id)
    Usage.objects.filter(organisation_id__in=organisation, sent_at=None).update(sent_at=at)


def month_of(organisation_id: UUID, day: date) -> list[Day]:
    """The days of the month that were counted, in order."""
    found = Usage.objects.filter(organisation_id=organisation_id, day__year=day.year, day__month=day.month)
    columns = ("day", "participants", "transactions", "volume_cents")
    return [Day(*row) for row in found.order_by("day").values_list(*columns)]


def months_of(organisation_id: UUID, *, last: int = 6) -> list[Day]:
    """The last months, newest first, each as its first day with the sums."""
    found = Usage.objects.filter(organisation_id=organisation_id).order_by()
    sums = found.values("day__year", "day__month").annotate(
        people=Sum("participants"), paid=Sum("transactions"), volume=Sum("volume_cents")
    )
    rows = sums.order_by("-day__year", "-day__month")[:last]
    return [
        Day(date(row["day__year"], row["day__month"], 1), row["people"], row["paid"], row["volume"]) for row in rows
    ]
