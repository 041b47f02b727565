"""What the pulse says of registrations (tenants.watching)."""

from datetime import timedelta

from django.db.models import Count, Q

from kernel import clock
from tenant_apps.organisation import queries as organisation
from tenant_apps.registrations.models import PlaceRequest, Registration, RequestStatus
from tenant_apps.registrations.states import PENDING

_SOON = timedelta(hours=1)
_WEEK = timedelta(days=7)


def counted() -> dict[str, int]:
    """Today is the organisation's own day."""
    at = clock.now()
    zone = organisation.profile().zone
    today = clock.start_of_day(clock.local_date(at, zone), zone)
    confirmed = Registration.objects.filter(confirmed_at__gte=at - _WEEK).aggregate(
        today=Count("pk", filter=Q(confirmed_at__gte=today)), week=Count("pk")
    )
    held = Registration.objects.filter(status__in=PENDING, held_until__gt=at).aggregate(
        all=Count("pk"), soon=Count("pk", filter=Q(held_until__lte=at + _SOON))
    )
    return {
        "confirmed_today": confirmed["today"],
        "confirmed_week": confirmed["week"],
        "holds": held["all"],
        "holds_ending": held["soon"],
        "waiting_lists": PlaceRequest.objects.filter(status=RequestStatus.WAITING).count(),
    }
