"""What a card or a bank refused and nobody has paid since: for the list of the organisation's own people."""

from django.db.models import F, QuerySet

from tenant_apps.orders.models import Order
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.payments.models import Instalment, InstalmentStatus, Payment, Status
from tenant_apps.payments.queries import detailed


def bounced() -> QuerySet[Order]:
    """Orders that wait for another payment because a bank refused, days later, the one they had."""
    refused = Payment.objects.filter(status=Status.FAILED).exclude(session_id=None)
    return detailed().filter(status=OrderStatus.OPEN, payments__in=refused).distinct()


def parts() -> QuerySet[Instalment]:
    """Parts that a kept card did not pay; the one that the family has the least time for comes first."""
    failed = Instalment.objects.filter(status=InstalmentStatus.FAILED, left_cents__gt=0)
    soonest = F("grace_until").asc(nulls_last=True)
    return failed.select_related("order__guardian", "order__payee").order_by(soonest, "id")
