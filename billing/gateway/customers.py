"""Organisations as the platform's own customers at the processor: who they are, and what pays for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from billing.gateway.client import speaking

if TYPE_CHECKING:
    import stripe


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """`organisation`: its schema, by which the processor's events find it. `tax_number`: its kind and itself, if any.

    `address` has line1, city, postal_code, state and country. `printed`: names and values at the head of each invoice.
    """

    organisation: str
    name: str
    email: str
    address: Mapping[str, str]
    language: str
    printed: Mapping[str, str]
    tax_number: tuple[str, str] | None


def make(facts: Facts, *, key: str) -> str:
    """Returns its id. The same key is the same customer."""
    with speaking() as stripe_client:
        made = stripe_client.v1.customers.create(_params(facts), {"idempotency_key": key})
        return made.id


def write(customer: str, facts: Facts) -> None:
    """What invoices to come say of it; those that were sent stay as they are."""
    with speaking() as stripe_client:
        stripe_client.v1.customers.update(customer, _params(facts))  # type: ignore[arg-type]
        known = {(number.type, number.value): number.id for number in stripe_client.v1.customers.tax_ids.list(customer)}
        if facts.tax_number and facts.tax_number not in known:
            kind, value = facts.tax_number
            stripe_client.v1.customers.tax_ids.create(customer, {"type": kind, "value": value})
        for number, name in known.items():
            if number != facts.tax_number:
                stripe_client.v1.customers.tax_ids.delete(customer, name)


def pay_with(customer: str, method: str) -> None:
    """The card that pays what falls due from now on."""
    with speaking() as stripe_client:
        settings: Any = {"invoice_settings": {"default_payment_method": method}}
        stripe_client.v1.customers.update(customer, settings)


def _params(facts: Facts) -> "stripe.params.CustomerCreateParams":
    address: Any = {name: value for name, value in facts.address.items() if value}
    return {
        "name": facts.name,
        "email": facts.email,
        "address": address,
        "preferred_locales": [facts.language],
        "invoice_settings": {
            "custom_fields": [{"name": name, "value": value} for name, value in facts.printed.items()] or ""
        },
        "metadata": {"organisation": facts.organisation},
    }
