"""Refunds: `/v1/refunds`."""

from deploy.sandbox import lists
from deploy.sandbox.errors import Json, invalid
from deploy.sandbox.payments import customers, refunding
from deploy.sandbox.registry import answers
from deploy.sandbox.work import Work

_KIND = "refund"
_URL = "/v1/refunds"


@answers("POST", _URL)
def create(work: Work, params: Json) -> Json:
    """Give money back."""
    return refunding.refund(work, _charge(work, params), params)


@answers("GET", _URL + "/{id}")
def retrieve(work: Work, params: Json, identifier: str) -> Json:
    """Show a refund."""
    return work.get(_KIND, identifier)


@answers("POST", _URL + "/{id}")
def update(work: Work, params: Json, identifier: str) -> Json:
    """Change a refund's metadata."""
    body = work.get(_KIND, identifier)
    body = work.save(body | {"metadata": customers.merged_metadata(body, params)})
    work.emit("refund.updated", body)
    return body


@answers("POST", _URL + "/{id}/cancel")
def cancel(work: Work, params: Json, identifier: str) -> Json:
    """Take back a refund that waits."""
    return refunding.cancel(work, work.get(_KIND, identifier))


@answers("GET", _URL)
def list_(work: Work, params: Json) -> Json:
    """List refunds."""
    filters = {"charge": "charge", "payment_intent": "payment_intent"}
    return lists.page(work, _KIND, params, url=_URL, filters=filters)


def _charge(work: Work, params: Json) -> Json:
    if "charge" in params:
        return work.get("charge", params["charge"], param="charge")
    if "payment_intent" not in params:
        message = "One of the following params should be provided for this request: payment_intent or charge."
        raise invalid(message)
    intent = work.get("payment_intent", params["payment_intent"], param="payment_intent")
    if intent["latest_charge"] is None:
        message = f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund."
        raise invalid(message, code="payment_intent_unexpected_state")
    return work.get("charge", intent["latest_charge"])
