"""What the platform counts of payments (billing.usage)."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Count, Sum

from tenant_apps.payments.models import Means, Payment, Status


def counted(start: datetime, end: datetime, month: datetime) -> Mapping[str, int]:
    """What families paid, by whatever means; credit of theirs was counted when it was paid."""
    paid = Payment.objects.filter(status=Status.SUCCEEDED, ended_at__gte=start, ended_at__lt=end)
    found = paid.exclude(means=Means.CREDIT).order_by().aggregate(number=Count("pk"), cents=Sum("amount_cents"))
    return {"transactions": found["number"], "volume_cents": found["cents"] or 0}
