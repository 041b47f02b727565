"""Connected accounts: what they may do, and what is still asked of them."""

from collections.abc import Collection, Iterator
from datetime import datetime

from deploy.sandbox.clock import rfc3339
from deploy.sandbox.errors import Json, invalid
from deploy.sandbox.work import Work

# What a new account has still to tell; a person does it on the onboarding page.
REQUIREMENTS = (
    "identity.business_details.registered_name",
    "identity.attestations.terms_of_service.account.date",
    "defaults.profile.business_url",
    "configuration.merchant.bank_account",
)
# What a requirement stops where it is not met in time.
PAYMENTS, PAYOUTS = "payments", "payouts"
_PAYOUTS = "stripe_balance.payouts"
_ALWAYS = {"cad": ["card"], "eur": ["card", "bancontact"]}
_BY_CAPABILITY = {
    "acss_debit_payments": ("acss_debit", ("cad",)),
    "sepa_debit_payments": ("sepa_debit", ("eur",)),
}


def of(work: Work) -> Json | None:
    """Return the connected account that acts; nothing when it is the platform."""
    return work.as_account(work.platform).find("v2.core.account", work.account)


def name_of(work: Work) -> str:
    """Return the name a payer reads."""
    account = of(work)
    return str((account or {}).get("display_name") or ("Préau" if account is None else work.account))


def check_can_charge(work: Work) -> None:
    """Refuse when the account may not take payments yet."""
    account = of(work)
    if account is not None and not can_charge(account):
        message = (
            "Your account cannot currently make charges. The account has requirements that are due: "
            "finish onboarding first."
        )
        raise invalid(message)


def can_charge(account: Json) -> bool:
    """Whether the account may take card payments."""
    return _capability(account, "card_payments") == "active"


def default_methods(work: Work, currency: str | None) -> list[str]:
    """Return the kinds of payment an account takes when none is named."""
    kinds = list(_ALWAYS.get(currency or "", ["card"]))
    account = of(work)
    for capability, (kind, currencies) in _BY_CAPABILITY.items():
        if account and currency in currencies and _capability(account, capability) == "active":
            kinds.append(kind)
    return kinds


def set_requirements(
    work: Work,
    account: Json,
    pending: list[str],
    *,
    deadline: float | None = None,
    stops: Collection[str] = (PAYMENTS, PAYOUTS),
    asked_of: str = "user",
) -> Json:
    """Write down what is still asked. What it stops is stopped at once, unless a deadline is still to come."""
    is_late = bool(pending) and (deadline is None or deadline <= work.now)
    for name, capability in _capabilities(account):
        is_stopped = is_late and (PAYOUTS if name == _PAYOUTS else PAYMENTS) in stops
        capability["status"] = "restricted" if is_stopped else "active"
        capability["status_details"] = _status_details(is_stopped)
    account["requirements"] = requirements(work, pending, deadline=deadline, asked_of=asked_of)
    return work.save(account)


def requirements(work: Work, pending: list[str], *, deadline: float | None = None, asked_of: str = "user") -> Json:
    """Return the requirements of an account, as the second version of the API writes them."""
    time = rfc3339(deadline) if deadline is not None else None
    return {
        "alternatives": [],
        "entries": [_entry(description, asked_of) for description in pending],
        "summary": {"minimum_deadline": {"status": "currently_due", "time": time}} if pending else None,
    }


def in_first_version(account: Json) -> Json:
    """Return the account as the first version of the API and its events write it."""
    pending = [entry["description"] for entry in account["requirements"]["entries"]]
    charges = can_charge(account)
    identity = account["identity"]
    capabilities = dict(_capabilities(account))
    payouts = capabilities.pop(_PAYOUTS, {}).get("status") == "active"
    due = {
        "alternatives": [],
        "current_deadline": None,
        "currently_due": pending,
        "disabled_reason": "requirements.past_due" if pending else None,
        "errors": [],
        "eventually_due": pending,
        "past_due": pending,
        "pending_verification": [],
    }
    nothing: Json = due | {name: [] for name in ("currently_due", "eventually_due", "past_due")}
    return {
        "id": account["id"],
        "object": "account",
        "business_profile": {"name": account["display_name"], "url": None, "support_email": None},
        "business_type": identity.get("entity_type"),
        "capabilities": {
            name: "active" if capability["status"] == "active" else "inactive"
            for name, capability in capabilities.items()
        },
        "charges_enabled": charges,
        "controller": {"type": "application", "is_controller": True},
        "country": (identity.get("country") or "ca").upper(),
        "created": account_created(account),
        "default_currency": account["defaults"].get("currency") or "cad",
        "details_submitted": not pending,
        "email": account["contact_email"],
        "external_accounts": {
            "object": "list",
            "data": [],
            "has_more": False,
            "url": f"/v1/accounts/{account['id']}/external_accounts",
        },
        "future_requirements": nothing | {"disabled_reason": None},
        "metadata": account["metadata"],
        "payouts_enabled": payouts,
        "requirements": due,
        "settings": {"payouts": {"debit_negative_balances": True}},
        "tos_acceptance": {"date": None, "ip": None, "user_agent": None},
        "type": "none",
    }


def account_created(account: Json) -> int:
    """Return the creation time in seconds."""
    return int(datetime.fromisoformat(account["created"]).timestamp())


def created_at(work: Work) -> str:
    """Return the time as the second version of the API writes it."""
    return rfc3339(work.now)


def _capability(account: Json, name: str) -> str | None:
    merchant = account["configuration"].get("merchant") or {}
    capability = (merchant.get("capabilities") or {}).get(name) or {}
    return capability.get("status")


def _capabilities(account: Json) -> Iterator[tuple[str, Json]]:
    """Those that were asked for, and the payouts, which go with them."""
    merchant = account["configuration"].get("merchant") or {}
    for name, capability in (merchant.get("capabilities") or {}).items():
        if name == "stripe_balance":
            yield _PAYOUTS, capability["payouts"]
        elif capability["requested"]:
            yield name, capability


def _status_details(is_stopped: bool) -> list[Json]:
    if not is_stopped:
        return []
    return [{"code": "requirements_past_due", "resolution": "provide_info"}]


def _entry(description: str, asked_of: str) -> Json:
    return {
        "awaiting_action_from": asked_of,
        "description": description,
        "errors": [],
        "impact": {
            "restricts_capabilities": [
                {
                    "capability": "card_payments",
                    "configuration": "merchant",
                    "deadline": {"status": "currently_due"},
                }
            ]
        },
        "minimum_deadline": {"status": "currently_due"},
        "reference": None,
        "requested_reasons": [{"code": "routine_onboarding"}],
    }
