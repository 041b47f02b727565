"""What a household was granted, or holds no more, is in the prices of its baskets at once."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from tenant_apps.families.models import Guardian
from tenant_apps.registrations import repricing
from tenant_apps.registrations.models import Basket


def price_again(guardian_id: UUID, at: datetime) -> None:
    """The baskets of all who live together, in the order of their ids."""
    housed = Guardian.objects.filter(id=guardian_id).exclude(household=None).values("household")
    own = Q(guardian_id=guardian_id) | Q(guardian__household__in=housed)
    for basket_id in Basket.objects.filter(own, closed_at=None).order_by("id").values_list("id", flat=True):
        repricing.price_again(basket_id=basket_id, at=at)
