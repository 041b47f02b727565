"""Brings in every resource, and sees that each answers a route Stripe really has."""

from deploy.sandbox import routes
from deploy.sandbox.registry import HANDLERS
from deploy.sandbox.resources import (
    account_links,
    accounts,
    application_fees,
    balance,
    charges,
    checkout_sessions,
    customers,
    disputes,
    events,
    invoices,
    meters,
    payment_intents,
    payment_methods,
    payouts,
    products,
    refunds,
    setup_intents,
    subscriptions,
)

MODULES = (
    account_links,
    accounts,
    application_fees,
    balance,
    charges,
    checkout_sessions,
    customers,
    disputes,
    events,
    invoices,
    meters,
    payment_intents,
    payment_methods,
    payouts,
    products,
    refunds,
    setup_intents,
    subscriptions,
)


def check() -> None:
    """Raise LookupError when a resource answers a route that the installed client does not call."""
    unknown = HANDLERS.keys() - routes.table().keys()
    if unknown:
        raise LookupError(f"not routes of the Stripe client: {sorted(unknown)}")
