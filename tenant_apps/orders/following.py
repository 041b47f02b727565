"""Brings orders to the guardian that is kept when two are merged."""

from datetime import datetime
from uuid import UUID

from tenant_apps.orders.models import Order


def participants(kept_id: UUID, gone_id: UUID, at: datetime) -> None:
    """An order names its participants by their registrations, and in words that stay as they were."""


def guardians(kept_id: UUID, gone_id: UUID, at: datetime) -> None:
    Order.objects.filter(guardian_id=gone_id).update(guardian_id=kept_id)
