"""« Garder mes places plus longtemps », once for each press that was meant."""

from datetime import datetime
from uuid import UUID

from django.db.models import Min

from kernel.transactions import operation
from shared_apps.audit.actors import Actor
from tenant_apps.registrations import renewing
from tenant_apps.registrations.models import Basket, Registration, Status


@operation
def keep_longer(*, basket_id: UUID, seen_until: datetime | None, actor: Actor, at: datetime) -> datetime:
    """Until when it is all kept now. Raises CannotRenew.

    `seen_until`: the deadline that the page showed. Where it has moved since, this is the second of two clicks, or
    of two tabs, and changes nothing.
    """
    # A write takes the lock, as every operation on a basket does: the second click waits here for the first.
    Basket.objects.filter(pk=basket_id, closed_at=None).update(closed_at=None)
    held = Registration.objects.filter(basket_id=basket_id, status=Status.HELD)
    until: datetime | None = held.aggregate(first=Min("held_until"))["first"]
    if until is not None and seen_until is not None and until > seen_until:
        return until
    return renewing.renew(basket_id=basket_id, actor=actor, at=at)
