"""Charges: `/v1/charges`, read only; intents make them."""

from deploy.sandbox import lists, search
from deploy.sandbox.errors import Json
from deploy.sandbox.payments import customers
from deploy.sandbox.registry import answers, includable
from deploy.sandbox.work import Work

_KIND = "charge"
_URL = "/v1/charges"


@answers("GET", _URL + "/{id}")
def retrieve(work: Work, params: Json, identifier: str) -> Json:
    """Show a charge."""
    return work.get(_KIND, identifier)


@answers("POST", _URL + "/{id}")
def update(work: Work, params: Json, identifier: str) -> Json:
    """Change a charge's description or metadata."""
    charge = work.get(_KIND, identifier)
    changes = {name: params[name] or None for name in ("description", "receipt_email") if name in params}
    charge = work.save(charge | changes | {"metadata": customers.merged_metadata(charge, params)})
    work.emit("charge.updated", charge)
    return charge


@answers("GET", _URL + "/search")
def search_(work: Work, params: Json) -> Json:
    """Find charges by their fields or metadata."""
    return search.page(work, _KIND, params, url=_URL + "/search")


@answers("GET", _URL)
def list_(work: Work, params: Json) -> Json:
    """List charges."""
    filters = {"customer": "customer", "payment_intent": "payment_intent"}
    return lists.page(work, _KIND, params, url=_URL, filters=filters)


@includable(_KIND, "refunds")
def refunds(work: Work, charge: Json) -> Json:
    """Write a charge's refunds into it."""
    found = work.where("refund", charge=charge["id"])
    return lists.of(found[::-1], f"{_URL}/{charge['id']}/refunds")
