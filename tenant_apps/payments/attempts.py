"""Counts the attempts to pay an order."""

from uuid import UUID

from django.db.models import Max

from tenant_apps.payments.models import Payment


def next_attempt(order_id: UUID) -> int:
    """The number of the next one; two at the same instant meet at a constraint."""
    return (Payment.objects.filter(order_id=order_id).aggregate(last=Max("attempt"))["last"] or 0) + 1
