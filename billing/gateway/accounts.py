"""Payees' accounts at the processor: each public body is the merchant of record of what it sells."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

from billing.gateway.client import speaking

if TYPE_CHECKING:
    import stripe

# What the processor answers for an account that is gone, or that took its leave of the platform by itself.
GONE = frozenset({"account_invalid", "not_found", "resource_missing"})
# Who must act, in its words.
USER = "user"


class Requirement(TypedDict):
    """What is asked, in the processor's own keys. `by` is "user" or "stripe"; `status` is currently_due, past_due…"""

    key: str
    by: str
    status: str
    errors: list[str]


@dataclass(frozen=True, slots=True)
class Account:
    """`deadline_at`: the first moment at which something stops for want of what is asked."""

    id: str
    charges_enabled: bool
    payouts_enabled: bool
    is_closed: bool
    requirements: list[Requirement] = field(default_factory=list)
    deadline_at: datetime | None = None


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


def page(account_id: str, *, return_url: str, refresh_url: str, is_update: bool) -> str:
    """The address, good once and for some minutes, of the page where a person tells what is asked.

    `is_update`: of an account that was finished once.
    """
    urls = {"return_url": return_url, "refresh_url": refresh_url}
    use = "account_update" if is_update else "account_onboarding"
    with speaking() as stripe_client:
        link = stripe_client.v2.core.account_links.create(
            {"account": account_id, "use_case": {"type": use, use: urls}}  # type: ignore[misc]
        )
    return link.url


def close(account_id: str) -> None:
    """For ever. The processor refuses it for an account that holds money."""
    with speaking() as stripe_client:
        stripe_client.v2.core.accounts.close(account_id, {"applied_configurations": ["merchant"]})


def is_empty(account_id: str) -> bool:
    """Whether it holds no money at all, in no currency, available or on its way."""
    with speaking() as stripe_client:
        balance = stripe_client.v1.balance.retrieve({}, {"stripe_account": account_id})
    return not any(part["amount"] for part in (*balance.available, *balance.pending))


_INCLUDE: list["stripe.params.v2.core.AccountCreateParams.include"] = [  # type: ignore[name-defined]
    "configuration.merchant",
    "requirements",
]


def _account(account: "stripe.v2.core.Account") -> Account:
    merchant = account.configuration.merchant if account.configuration else None
    capabilities = merchant.capabilities if merchant else None
    charges = bool(capabilities and capabilities.card_payments and capabilities.card_payments.status == "active")
    told = account.requirements
    return Account(
        id=account.id,
        charges_enabled=charges and not account.closed,
        payouts_enabled=charges and not account.closed if capabilities is None else _pays_out(capabilities, charges),
        is_closed=bool(account.closed),
        requirements=[_requirement(entry) for entry in (told.entries if told else None) or []],
        deadline_at=_deadline(told),
    )


def _pays_out(capabilities: object, charges: bool) -> bool:
    """Where the processor says nothing of payouts, they follow what may be charged."""
    payouts = getattr(getattr(capabilities, "stripe_balance", None), "payouts", None)
    return charges if payouts is None else payouts.status == "active"


def _requirement(entry: "stripe.v2.core.Account.Requirements.Entry") -> Requirement:
    return Requirement(
        key=entry.description,
        by=entry.awaiting_action_from,
        status=entry.minimum_deadline.status,
        errors=[error.code for error in entry.errors or []],
    )


def _deadline(told: "stripe.v2.core.Account.Requirements | None") -> datetime | None:
    first = told.summary.minimum_deadline if told and told.summary else None
    return datetime.fromisoformat(first.time) if first and first.time else None
