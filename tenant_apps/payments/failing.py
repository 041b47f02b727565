"""What a bank refused and nobody has paid since: for the list of the organisation's own people."""

from django.db.models import QuerySet

from tenant_apps.orders.models import Order
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.payments.models import Payment, Status


def bounced() -> QuerySet[Order]:
    """Orders that wait for another payment because a bank refused, days later, the one they had."""
    refused = Payment.objects.filter(status=Status.FAILED).exclude(session_id=None)
    return Order.objects.filter(status=OrderStatus.OPEN, payments__in=refused).distinct()
