"""The basket of a guardian: the one that is open, and how what touches it waits for its turn."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from kernel.kept import kept, only
from tenant_apps.registrations import errors
from tenant_apps.registrations.models import Basket


def open_for(guardian_id: UUID, at: datetime) -> Basket:
    """The guardian's basket, made if there is none."""
    known = only(_open(guardian_id))
    if known is not None:
        return known
    # Somebody may have made it at this instant: then it is read again.
    Basket.objects.bulk_create([Basket(guardian_id=guardian_id, created_at=at)], ignore_conflicts=True)
    [basket] = _open(guardian_id)
    return basket


def locked(basket_id: UUID) -> Basket:
    """Serialise what touches one basket: two tabs of a family wait for each other here. Raises BasketClosed."""
    # A write takes the lock: SELECT … FOR UPDATE alone loses updates while a schema moves between machines.
    if not Basket.objects.filter(pk=basket_id, closed_at=None).update(closed_at=None):
        raise errors.BasketClosed
    [basket] = _called(basket_id)
    return basket


@kept
def _open(guardian_id: UUID) -> QuerySet[Basket]:
    return Basket.objects.filter(guardian_id=guardian_id, closed_at=None)


@kept
def _called(basket_id: UUID) -> QuerySet[Basket]:
    return Basket.objects.filter(pk=basket_id)
