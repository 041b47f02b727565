"""The figures of the day, each in a number of queries that does not grow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet, Sum

from kernel import clock
from tenant_apps.catalog import timing
from tenant_apps.catalog.models import Offering, Option
from tenant_apps.office import rosters
from tenant_apps.office.scope import Scope
from tenant_apps.orders.models import Account, Transfer
from tenant_apps.registrations.models import Places
from tenant_apps.registrations.models import Status as RegistrationStatus

# Worth a look: nine places in ten are taken.
_ALMOST_FULL = 0.9
_SOON = timedelta(days=7)
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Confirmed:
    today: int
    this_week: int


def confirmed(scope: Scope, *, at: datetime, zone: ZoneInfo) -> Confirmed:
    """Registrations confirmed since midnight, and since Monday."""
    today = clock.local_date(at, zone)
    counts = (
        scope.registrations()
        .filter(status=RegistrationStatus.CONFIRMED)
        .aggregate(
            today=Count("pk", filter=Q(confirmed_at__gte=clock.start_of_day(today, zone))),
            this_week=Count("pk", filter=Q(confirmed_at__gte=clock.start_of_week(today, zone))),
        )
    )
    return Confirmed(**counts)


def received_this_week(*, at: datetime, zone: ZoneInfo) -> int:
    """Cents that families paid since Monday, as the ledger has them."""
    monday = clock.start_of_week(clock.local_date(at, zone), zone)
    received = Transfer.objects.filter(debit=Account.PROCESSOR, at__gte=monday)
    return received.aggregate(cents=Sum("amount_cents"))["cents"] or 0


def almost_full(scope: Scope, *, at: datetime, zone: ZoneInfo) -> Sequence[rosters.OptionPlaces]:
    """Options that are still offered and have few places left or none, the fullest first."""
    options = (
        Option.objects.filter(timing.options_in_time(at=at, zone=zone), offering__in=_open(scope, at=at, zone=zone))
        .filter(pk__in=Places.objects.exclude(capacity=None).values("option_id"))
        .select_related("offering")
        .order_by("offering__title", "position")
    )
    tight = [row for row in rosters.with_places(options, at=at) if _is_almost_full(row)]
    return sorted(tight, key=lambda row: row.left or 0)[:_SHOWN]


def _is_almost_full(row: rosters.OptionPlaces) -> bool:
    """No place at all is full too, whether it was taken or never given."""
    if row.capacity is None or row.left is None:
        return False
    return row.capacity - row.left >= _ALMOST_FULL * row.capacity


def closing_soon(scope: Scope, *, at: datetime, zone: ZoneInfo) -> Sequence[Offering]:
    """Open offerings whose deadline is within a week, the nearest first."""
    last = clock.local_date(at + _SOON, zone)
    return list(_open(scope, at=at, zone=zone).filter(deadline_on__lte=last).order_by("deadline_on", "title")[:_SHOWN])


def _open(scope: Scope, *, at: datetime, zone: ZoneInfo) -> QuerySet[Offering]:
    return scope.offerings().filter(timing.in_time(at=at, zone=zone))
