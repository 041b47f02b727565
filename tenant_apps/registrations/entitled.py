"""What a household was granted, or holds no more, is in the prices of its baskets at once."""

from datetime import datetime
from uuid import UUID

from tenant_apps.families.queries import living_together
from tenant_apps.registrations import repricing
from tenant_apps.registrations.models import Basket


def price_again(guardian_id: UUID, at: datetime) -> None:
    """The baskets of all who live together, in the order of their ids."""
    baskets = Basket.objects.filter(guardian__in=living_together(guardian_id), closed_at=None)
    for basket_id in baskets.order_by("id").values_list("id", flat=True):
        repricing.price_again(basket_id=basket_id, at=at)
