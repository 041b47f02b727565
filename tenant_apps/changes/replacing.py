"""What was paid for a registration that is replaced, and is more than the new one came to cost, goes back."""

from datetime import datetime

from tenant_apps.catalog.pricing.quote import Quote, Step
from tenant_apps.changes import money
from tenant_apps.registrations.models import Registration
from tenant_apps.registrations.replacing import left_over


def give_rest_back(registration: Registration, replaced: Registration, at: datetime) -> None:
    """Only where the price fell while the new choice lay in the basket."""
    rest = left_over(registration, replaced)
    if rest > 0:
        money.give_back(replaced, Quote([Step("reversal", -rest)]), kept_cents=0, cause=registration.id, at=at)
