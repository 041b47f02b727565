"""Checkout Sessions: `/v1/checkout/sessions`."""

from deploy.sandbox import lists
from deploy.sandbox.errors import Json
from deploy.sandbox.payments import customers, sessions
from deploy.sandbox.registry import answers, includable
from deploy.sandbox.work import Work

_KIND = "checkout.session"
_URL = "/v1/checkout/sessions"


@answers("POST", _URL)
def create(work: Work, params: Json) -> Json:
    """Open a payment page."""
    return sessions.new(work, params)


@answers("GET", _URL + "/{id}")
def retrieve(work: Work, params: Json, identifier: str) -> Json:
    """Show a session."""
    return work.get(_KIND, identifier)


@answers("POST", _URL + "/{id}")
def update(work: Work, params: Json, identifier: str) -> Json:
    """Change a session's metadata."""
    session = work.get(_KIND, identifier)
    return work.save(session | {"metadata": customers.merged_metadata(session, params)})


@answers("POST", _URL + "/{id}/expire")
def expire(work: Work, params: Json, identifier: str) -> Json:
    """Close a payment page that nobody paid."""
    return sessions.expire(work, work.get(_KIND, identifier))


@answers("GET", _URL + "/{id}/line_items")
def line_items(work: Work, params: Json, identifier: str) -> Json:
    """List what is paid for."""
    work.get(_KIND, identifier)
    items = work.hidden(identifier)["items"]
    limit = params.get("limit", 10)
    url = f"{_URL}/{identifier}/line_items"
    return lists.of(items[:limit], url) | {"has_more": len(items) > limit}


@answers("GET", _URL)
def list_(work: Work, params: Json) -> Json:
    """List sessions."""
    filters = {name: name for name in ("customer", "payment_intent", "status", "subscription")}
    return lists.page(work, _KIND, params, url=_URL, filters=filters)


@includable(_KIND, "line_items")
def written_line_items(work: Work, session: Json) -> Json:
    """Write what is paid for into a session."""
    return lists.of(work.hidden(session["id"])["items"], f"{_URL}/{session['id']}/line_items")
