"""The figures of the day. Each is one query."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Greatest

from tenant_apps.catalog.models import Offering, Option, Status
from tenant_apps.office.days import start_of_day, start_of_week
from tenant_apps.office.scope import Scope
from tenant_apps.orders.models import Account, Transfer
from tenant_apps.registrations.models import Places
from tenant_apps.registrations.models import Status as RegistrationStatus

# Worth a look: a tenth of the places left, and never fewer than two.
_ALMOST_FULL_SHARE = 10
_ALMOST_FULL_PLACES = 2
_SOON = timedelta(days=7)
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Confirmed:
    today: int
    this_week: int


def confirmed(scope: Scope, *, at: datetime, zone: ZoneInfo) -> Confirmed:
    """Registrations confirmed since midnight, and since Monday."""
    counts = (
        scope.registrations()
        .filter(status=RegistrationStatus.CONFIRMED)
        .aggregate(
            today=Count("pk", filter=Q(confirmed_at__gte=start_of_day(at, zone))),
            this_week=Count("pk", filter=Q(confirmed_at__gte=start_of_week(at, zone))),
        )
    )
    return Confirmed(**counts)


def received_this_week(*, at: datetime, zone: ZoneInfo) -> int:
    """Cents that families paid since Monday, as the ledger has them."""
    received = Transfer.objects.filter(debit=Account.PROCESSOR, at__gte=start_of_week(at, zone))
    return received.aggregate(cents=Sum("amount_cents"))["cents"] or 0


def almost_full(scope: Scope, *, at: datetime, zone: ZoneInfo) -> Sequence[Option]:
    """Options that can still be taken and have few places left, the fullest first. `left` and `capacity` are added."""
    places = Places.objects.filter(option_id=OuterRef("pk"))
    options: QuerySet[Option] = (
        Option.objects.filter(offering__in=_open(scope, at=at, zone=zone))
        .annotate(
            capacity=Subquery(places.values("capacity"), output_field=IntegerField()),
            left=Subquery(places.values(free=F("capacity") - F("taken")), output_field=IntegerField()),
        )
        .filter(capacity__gt=0, left__lte=Greatest(F("capacity") / _ALMOST_FULL_SHARE, _ALMOST_FULL_PLACES))
        .select_related("offering")
        .order_by("left", "offering__title", "position")
    )
    return list(options[:_SHOWN])


def closing_soon(scope: Scope, *, at: datetime, zone: ZoneInfo) -> Sequence[Offering]:
    """Open offerings whose deadline is within a week, the nearest first."""
    last = (at + _SOON).astimezone(zone).date()
    return list(_open(scope, at=at, zone=zone).filter(deadline_on__lte=last).order_by("deadline_on", "title")[:_SHOWN])


def _open(scope: Scope, *, at: datetime, zone: ZoneInfo) -> QuerySet[Offering]:
    today = at.astimezone(zone).date()
    return scope.offerings().filter(
        Q(opens_at=None) | Q(opens_at__lte=at), Q(deadline_on=None) | Q(deadline_on__gte=today), status=Status.PUBLISHED
    )
