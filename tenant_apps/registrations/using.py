"""What the platform counts of registrations (billing.usage)."""

from collections.abc import Mapping
from datetime import datetime

from tenant_apps.registrations.models import Registration


def counted(start: datetime, end: datetime, month: datetime) -> Mapping[str, int]:
    """Each participant once a month, on the day of the first registration of theirs that is confirmed in it."""
    earlier = Registration.objects.filter(confirmed_at__gte=month, confirmed_at__lt=start)
    these = Registration.objects.filter(confirmed_at__gte=start, confirmed_at__lt=end)
    new = these.exclude(participant__in=earlier.values("participant")).order_by()
    return {"participants": new.values("participant").distinct().count()}
