"""How many places requests for support keep, and until when: asking closes no offering to everybody else (O-11)."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Min, Sum

from kernel import clock
from tenant_apps.entitlements.models import Entitlement, Kind
from tenant_apps.registrations.models import Places, Registration, Status

# Of the places of an option, where the offering says nothing else.
_ONE_IN = 10


def until(participant_id: UUID, option_id: UUID, keep_days: int, zone: ZoneInfo) -> datetime:
    """Counted from the first time that anybody asked this for the child: asking again gains no day."""
    same = Entitlement.objects.filter(kind=Kind.SUPPORT, participant_id=participant_id, option_id=option_id)
    first = same.aggregate(first=Min("asked_at"))["first"]
    # Read by people: « dimanche à 23 h 59 » is clearer than the midnight that follows it.
    return clock.end_of_day(clock.local_date(first, zone) + timedelta(days=keep_days), zone) - timedelta(minutes=1)


def is_too_many(held: Registration, places: int | None, at: datetime) -> bool:
    """Beside what is kept already, one place for each child in an offering, and for all of them `places` of an option.

    The counter of the option is locked by who has just taken its place: of two who ask, the second sees the first.
    """
    kept = Registration.objects.filter(status=Status.HELD, held_until__gt=at, basket__closed_at__isnull=False)
    others = kept.exclude(pk=held.pk)
    if others.filter(participant_id=held.participant_id, option__offering=held.option.offering_id).exists():
        return True
    capacity = Places.objects.values_list("capacity", flat=True).get(option_id=held.option_id)
    if capacity is None:
        return False
    taken = others.filter(option_id=held.option_id).aggregate(taken=Sum("quantity"))["taken"] or 0
    return taken > 0 and taken + held.quantity > (places or _share(capacity))


def _share(capacity: int) -> int:
    """Rounded up."""
    return max(1, -(-capacity // _ONE_IN))
