"""Registrations that nobody made, to see what prices and rules would say of them. Never kept."""

from datetime import datetime

from kernel.database import connection
from tenant_apps.catalog.models import Option
from tenant_apps.catalog.pricing import quote as quotes
from tenant_apps.catalog.pricing.quote import Quote
from tenant_apps.families.models import Participant
from tenant_apps.registrations.models import Basket, Registration, Status


def suppose_confirmed(
    *, basket: Basket, participant: Participant, option: Option, quote: Quote, at: datetime
) -> Registration:
    """As if it were confirmed; it takes no place. Only inside a transaction, which its caller undoes."""
    if not connection.in_atomic_block:
        raise RuntimeError("What is only supposed would be kept.")
    return Registration.objects.create(
        basket=basket,
        participant=participant,
        option=option,
        unit_cents=option.price_cents,
        amount_cents=quote.amount_cents,
        quote=quotes.write(quote),
        status=Status.CONFIRMED,
        held_until=at,
        contact_email="nobody@invalid.invalid",
        created_at=at,
        confirmed_at=at,
    )
