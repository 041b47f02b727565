"""Setup intents: `/v1/setup_intents`."""

from deploy.sandbox import lists
from deploy.sandbox.errors import Json
from deploy.sandbox.payments import customers, methods, setups
from deploy.sandbox.registry import answers
from deploy.sandbox.work import Work

_KIND = "setup_intent"
_URL = "/v1/setup_intents"


@answers("POST", _URL)
def create(work: Work, params: Json) -> Json:
    """Open a setup intent, and confirm it at once when asked."""
    if "customer" in params:
        work.get("customer", params["customer"], param="customer")
    intent = _with_method(work, setups.new(work, params), params)
    if params.get("confirm"):
        return setups.confirm(work, intent, return_url=params.get("return_url"))
    return intent


@answers("GET", _URL + "/{id}")
def retrieve(work: Work, params: Json, identifier: str) -> Json:
    """Show a setup intent."""
    return work.get(_KIND, identifier)


@answers("POST", _URL + "/{id}")
def update(work: Work, params: Json, identifier: str) -> Json:
    """Change a setup intent."""
    intent = work.get(_KIND, identifier)
    changes: Json = {name: params[name] for name in ("customer", "description") if name in params}
    intent = intent | changes | {"metadata": customers.merged_metadata(intent, params)}
    return _with_method(work, work.save(intent), params)


@answers("POST", _URL + "/{id}/confirm")
def confirm(work: Work, params: Json, identifier: str) -> Json:
    """Check and save the method."""
    intent = _with_method(work, work.get(_KIND, identifier), params)
    return setups.confirm(work, intent, return_url=params.get("return_url"))


@answers("POST", _URL + "/{id}/cancel")
def cancel(work: Work, params: Json, identifier: str) -> Json:
    """Give a setup intent up."""
    return setups.cancel(work, work.get(_KIND, identifier), params.get("cancellation_reason"))


@answers("GET", _URL)
def list_(work: Work, params: Json) -> Json:
    """List setup intents."""
    filters = {"customer": "customer", "payment_method": "payment_method"}
    return lists.page(work, _KIND, params, url=_URL, filters=filters)


def _with_method(work: Work, intent: Json, params: Json) -> Json:
    if "payment_method" in params:
        return setups.with_method(work, intent, methods.referred_to(work, params["payment_method"]))
    if "payment_method_data" in params:
        return setups.with_method(work, intent, methods.from_data(work, params["payment_method_data"]))
    return intent
