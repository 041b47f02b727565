"""Payment methods: `/v1/payment_methods`."""

from deploy.sandbox import lists
from deploy.sandbox.errors import Json, invalid
from deploy.sandbox.payments import customers, methods
from deploy.sandbox.registry import answers
from deploy.sandbox.work import Work

_KIND = "payment_method"
_URL = "/v1/payment_methods"


@answers("POST", _URL)
def create(work: Work, params: Json) -> Json:
    """Make a method of what is given."""
    if "payment_method" in params:
        return methods.shared(work, params)
    if "type" not in params:
        raise invalid("Missing required param: type.", param="type", code="parameter_missing")
    method = methods.from_data(work, params)
    return work.save(method | {"metadata": params.get("metadata") or {}})


@answers("GET", _URL + "/{id}")
def retrieve(work: Work, params: Json, identifier: str) -> Json:
    """Show a method."""
    return work.get(_KIND, identifier)


@answers("POST", _URL + "/{id}")
def update(work: Work, params: Json, identifier: str) -> Json:
    """Change a method's billing details or metadata."""
    body = work.get(_KIND, identifier)
    billing = body["billing_details"] | (params.get("billing_details") or {})
    metadata = customers.merged_metadata(body, params)
    body = work.save(body | {"billing_details": billing, "metadata": metadata})
    work.emit("payment_method.updated", body)
    return body


@answers("POST", _URL + "/{id}/attach")
def attach(work: Work, params: Json, identifier: str) -> Json:
    """Save a method for a customer."""
    method = methods.referred_to(work, identifier)
    if "customer" not in params:
        message = "Missing required param: customer."
        raise invalid(message, param="customer", code="parameter_missing")
    return methods.attach(work, method, params["customer"])


@answers("POST", _URL + "/{id}/detach")
def detach(work: Work, params: Json, identifier: str) -> Json:
    """Let go of a saved method."""
    method = work.get(_KIND, identifier)
    if method["customer"] is None:
        message = "The payment method you provided is not attached to a customer so detachment is impossible."
        raise invalid(message)
    body = work.save(method | {"customer": None})
    work.emit("payment_method.detached", body)
    return body


@answers("GET", _URL)
def list_(work: Work, params: Json) -> Json:
    """List methods."""
    return lists.page(work, _KIND, params, url=_URL, filters={"customer": "customer", "type": "type"})
