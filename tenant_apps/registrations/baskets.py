"""The basket of a guardian: the one that is open, and how what touches it waits for its turn."""

from datetime import datetime
from uuid import UUID

from tenant_apps.registrations import errors
from tenant_apps.registrations.models import Basket


def open_for(guardian_id: UUID, at: datetime) -> Basket:
    """The guardian's basket, made if there is none."""
    basket, _ = Basket.objects.get_or_create(guardian_id=guardian_id, closed_at=None, defaults={"created_at": at})
    return basket


def locked(basket_id: UUID) -> Basket:
    """Serialise what touches one basket: two tabs of a family wait for each other here. Raises BasketClosed."""
    # A write takes the lock: SELECT … FOR UPDATE alone loses updates while a schema moves between machines.
    if not Basket.objects.filter(pk=basket_id, closed_at=None).update(closed_at=None):
        raise errors.BasketClosed
    return Basket.objects.get(pk=basket_id)
