"""Subscriptions: `/v1/subscriptions`."""

from deploy.sandbox import lists
from deploy.sandbox.errors import Json
from deploy.sandbox.payments import customers, subscriptions
from deploy.sandbox.registry import answers
from deploy.sandbox.work import Work

_KIND = "subscription"
_URL = "/v1/subscriptions"


@answers("POST", _URL)
def create(work: Work, params: Json) -> Json:
    """Begin a subscription."""
    if "default_payment_method" in params:
        work.get("payment_method", params["default_payment_method"], param="default_payment_method")
    return subscriptions.new(work, params)


@answers("GET", _URL + "/{id}")
def retrieve(work: Work, params: Json, identifier: str) -> Json:
    """Show a subscription."""
    return work.get(_KIND, identifier)


@answers("POST", _URL + "/{id}")
def update(work: Work, params: Json, identifier: str) -> Json:
    """Change a subscription."""
    subscription = work.get(_KIND, identifier)
    metadata = customers.merged_metadata(subscription, params)
    return subscriptions.update(work, work.save(subscription | {"metadata": metadata}), params)


@answers("DELETE", _URL + "/{id}")
def cancel(work: Work, params: Json, identifier: str) -> Json:
    """End a subscription now."""
    return subscriptions.cancel(work, work.get(_KIND, identifier))


@answers("GET", _URL)
def list_(work: Work, params: Json) -> Json:
    """List subscriptions; ended ones only when asked for."""
    params = dict(params)
    status = params.pop("status", None)
    filters = {"customer": "customer", "collection_method": "collection_method"}
    wanted = [status] if status not in (None, "all", "ended") else []
    if status == "ended":
        wanted = ["canceled", "incomplete_expired"]
    if status is None:
        wanted = [*subscriptions.LIVE, "incomplete", "paused"]
    likes = {"status": wanted} if wanted else {}
    return lists.page(work, _KIND, params, url=_URL, filters=filters, likes=likes)
