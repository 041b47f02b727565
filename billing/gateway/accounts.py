"""Payees' accounts at the processor: each public body is the merchant of record of what it sells."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from billing.gateway.client import speaking

if TYPE_CHECKING:
    import stripe


@dataclass(frozen=True, slots=True)
class Account:
    id: str
    charges_enabled: bool
    requirements_due: list[str]


def create(*, idempotency_key: str, name: str, email: str, country: str, currency: str) -> Account:
    """Ask for an account that takes cards. It can be charged once its onboarding is done."""
    with speaking() as stripe_client:
        account = stripe_client.v2.core.accounts.create(
            {
                "display_name": name,
                "contact_email": email,
                "dashboard": "full",
                "identity": {"country": country.lower(), "entity_type": "government_entity"},
                "defaults": {
                    "currency": currency,
                    "responsibilities": {"fees_collector": "stripe", "losses_collector": "stripe"},
                },
                "configuration": {"merchant": {"capabilities": {"card_payments": {"requested": True}}}},
                "include": _INCLUDE,
            },
            {"idempotency_key": idempotency_key},
        )
    return _account(account)


def look_at(account_id: str) -> Account:
    with speaking() as stripe_client:
        return _account(stripe_client.v2.core.accounts.retrieve(account_id, {"include": _INCLUDE}))


_INCLUDE: list["stripe.params.v2.core.AccountCreateParams.include"] = [  # type: ignore[name-defined]
    "configuration.merchant",
    "requirements",
]


def _account(account: "stripe.v2.core.Account") -> Account:
    merchant = account.configuration.merchant if account.configuration else None
    capabilities = merchant.capabilities if merchant else None
    charges = bool(capabilities and capabilities.card_payments and capabilities.card_payments.status == "active")
    entries = account.requirements.entries if account.requirements else None
    return Account(
        id=account.id,
        charges_enabled=charges,
        requirements_due=[entry.description for entry in entries or []],
    )
