"""Connected accounts: `/v2/core/accounts`, and a reader in the first version's shape."""

import copy

from deploy.sandbox.errors import Json, invalid, malformed
from deploy.sandbox.ids import new_id
from deploy.sandbox.payments import accounts
from deploy.sandbox.registry import answers
from deploy.sandbox.work import Work

_KIND = "v2.core.account"
_CONFIGURATIONS = ("customer", "merchant", "recipient")
_ON_REQUEST = ("defaults", "future_requirements", "identity", "requirements")


@answers("POST", "/v2/core/accounts")
def create(work: Work, params: Json) -> Json:
    """Make an account; it has everything still to tell."""
    given = params.get("configuration") or {}
    body = {
        "id": new_id("acct", 16),
        "object": _KIND,
        "applied_configurations": [name for name in _CONFIGURATIONS if name in given],
        "closed": False,
        "configuration": {name: _configuration(given.get(name)) for name in _CONFIGURATIONS},
        "contact_email": params.get("contact_email"),
        "contact_phone": params.get("contact_phone"),
        "created": accounts.created_at(work),
        "dashboard": params.get("dashboard"),
        "defaults": _defaults(params.get("defaults") or {}),
        "display_name": params.get("display_name"),
        "future_requirements": accounts.requirements(work, []),
        "identity": {"attestations": None, "business_details": None, "country": None}
        | {"entity_type": None, "individual": None}
        | (params.get("identity") or {}),
        "livemode": False,
        "metadata": params.get("metadata") or {},
        "requirements": None,
    }
    work.add(body)
    accounts.set_requirements(work, body, list(accounts.REQUIREMENTS))
    return _shown(body, params)


@answers("GET", "/v2/core/accounts/{id}")
def retrieve(work: Work, params: Json, identifier: str) -> Json:
    """Show an account."""
    return _shown(_visible(work, identifier), params)


@answers("POST", "/v2/core/accounts/{id}")
def update(work: Work, params: Json, identifier: str) -> Json:
    """Change what is given, leave the rest."""
    body = _visible(work, identifier)
    changes = {name: value for name, value in params.items() if name not in ("include", "metadata")}
    _merge(body, changes)
    configuration = body["configuration"]
    for name in _CONFIGURATIONS:
        configuration[name] = _configuration(configuration[name])
    body["applied_configurations"] = [name for name in _CONFIGURATIONS if configuration[name]]
    body["metadata"] |= {key: value for key, value in (params.get("metadata") or {}).items() if value}
    books = work.as_account(work.platform)
    pending = [entry["description"] for entry in body["requirements"]["entries"]]
    accounts.set_requirements(books, body, pending)
    work.as_account(identifier).emit("account.updated", accounts.in_first_version(body))
    return _shown(body, params)


@answers("POST", "/v2/core/accounts/{id}/close")
def close(work: Work, params: Json, identifier: str) -> Json:
    """Close an account: it takes no more payments."""
    body = _visible(work, identifier) | {"closed": True}
    books = work.as_account(work.platform)
    accounts.set_requirements(books, body, ["account.closed"])
    work.as_account(identifier).emit("account.updated", accounts.in_first_version(body))
    return _shown(body, {})


@answers("GET", "/v2/core/accounts")
def list_(work: Work, params: Json) -> Json:
    """List the platform's accounts, newest first."""
    if not work.is_platform:
        raise invalid("Only the platform can list accounts.")
    limit = params.get("limit", 10)
    if not 1 <= limit <= 100:
        raise malformed("limit must be between 1 and 100.", param="limit")
    wanted = set(params.get("applied_configurations") or ())
    found = [
        body
        for body in reversed(work.where(_KIND))
        if body["closed"] is params.get("closed", False) and wanted <= set(body["applied_configurations"])
    ]
    start = int(params.get("page") or 0)
    more = len(found) > start + limit
    return {
        "data": [_shown(body, {}) for body in found[start : start + limit]],
        "next_page_url": f"/v2/core/accounts?limit={limit}&page={start + limit}" if more else None,
        "previous_page_url": None,
    }


@answers("GET", "/v1/accounts/{id}")
def retrieve_first_version(work: Work, params: Json, identifier: str) -> Json:
    """Show an account as the first version of the API does."""
    return accounts.in_first_version(_visible(work, identifier))


def _visible(work: Work, identifier: str) -> Json:
    # A connected account may look at itself, and at no other one.
    if not work.is_platform and identifier != work.account:
        return work.get(_KIND, identifier)
    return work.as_account(work.platform).get(_KIND, identifier)


def _shown(body: Json, params: Json) -> Json:
    """Leave out what was not asked for with `include`, as the real one does."""
    asked = set(params.get("include") or ())
    shown = body | {name: body[name] if name in asked else None for name in _ON_REQUEST}
    configurations = {name: body["configuration"][name] for name in _CONFIGURATIONS if f"configuration.{name}" in asked}
    shown["configuration"] = configurations or None
    return copy.deepcopy(shown)


def _configuration(given: Json | None) -> Json | None:
    if given is None:
        return None
    capabilities = {
        name: {"status": "restricted", "status_details": []} | capability
        for name, capability in (given.get("capabilities") or {}).items()
        if name != "stripe_balance"
    }
    # Payouts are asked for by nobody: they come with the payments.
    if capabilities:
        payouts = (given["capabilities"].get("stripe_balance") or {}).get("payouts")
        capabilities["stripe_balance"] = {"payouts": payouts or {"status": "restricted", "status_details": []}}
    return given | {"applied": True, "capabilities": capabilities}


def _defaults(given: Json) -> Json:
    responsibilities = given.get("responsibilities") or {}
    return (
        {"currency": None, "locales": None, "profile": None}
        | given
        | {
            "responsibilities": {
                "fees_collector": "stripe",
                "losses_collector": "stripe",
                "requirements_collector": "stripe",
            }
            | responsibilities
        }
    )


def _merge(body: Json, changes: Json) -> None:
    for name, value in changes.items():
        if isinstance(value, dict) and isinstance(body.get(name), dict):
            _merge(body[name], value)
        else:
            body[name] = value
