"""What a registration was charged, and what was given back of it once it was given up: kept beside its quote."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from tenant_apps.catalog.pricing import quote as quotes
from tenant_apps.catalog.pricing.quote import Quote, Step
from tenant_apps.registrations.models import Registration

_KEY = "reversal"


def charged(registration: Registration) -> Quote:
    """Of what was taken before prices kept their steps, the amount is all there is."""
    quote = quotes.read(registration.quote)
    return quote if quote.steps else Quote([Step("base", registration.amount_cents)])


def read(kept: Mapping[str, Any]) -> Quote | None:
    """None of what nobody gave up."""
    return quotes.read(kept[_KEY]) if _KEY in kept else None


def keep(registration_id: UUID, back: Quote) -> None:
    """The prices of the family's next lines are made from it. Called inside the operation that gives it up."""
    registration = Registration.objects.only("quote").get(pk=registration_id)
    quote = {**registration.quote, _KEY: quotes.write(back)}
    Registration.objects.filter(pk=registration_id).update(quote=quote)
