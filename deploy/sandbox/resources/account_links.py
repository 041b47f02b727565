"""Account links: the address where a person finishes an account."""

from deploy.sandbox.clock import MINUTE, rfc3339
from deploy.sandbox.errors import Json, malformed
from deploy.sandbox.ids import new_id
from deploy.sandbox.registry import answers
from deploy.sandbox.work import Work

_LASTS = 10 * MINUTE


@answers("POST", "/v2/core/account_links")
def create(work: Work, params: Json) -> Json:
    """Make a link that works once, for a few minutes."""
    work.get("v2.core.account", params["account"], param="account")
    use_case = params["use_case"]
    if use_case["type"] not in use_case:
        name = f"use_case[{use_case['type']}]"
        raise malformed(f"Missing required param: {name}.", param=name, code="parameter_missing")
    identifier = new_id("link")
    shown = {
        "object": "v2.core.account_link",
        "account": params["account"],
        "created": rfc3339(work.now),
        "expires_at": rfc3339(work.now + _LASTS),
        "livemode": False,
        "url": f"{work.settings.public_url}/onboarding/{identifier}",
        "use_case": use_case,
    }
    # The link's identifier is in its address only: the real object has none.
    work.add(shown | {"id": identifier}, {"expires_at": work.now + _LASTS, "used": False})
    return shown
