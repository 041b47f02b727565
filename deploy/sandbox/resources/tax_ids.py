"""A customer's tax numbers: `/v1/customers/…/tax_ids`."""

from deploy.sandbox import lists
from deploy.sandbox.errors import Json
from deploy.sandbox.ids import new_id
from deploy.sandbox.registry import answers
from deploy.sandbox.work import Work

_KIND = "tax_id"
_URL = "/v1/customers/{id}/tax_ids"


@answers("POST", _URL)
def create(work: Work, params: Json, customer: str) -> Json:
    """Keep a number; nobody looks it up."""
    work.get("customer", customer)
    return work.add(
        {
            "id": new_id("txi"),
            "object": _KIND,
            "country": params["type"][:2].upper() if params["type"][:2] != "eu" else params["value"][:2],
            "created": work.now,
            "customer": customer,
            "customer_account": None,
            "livemode": False,
            "owner": {"customer": customer, "type": "customer"},
            "type": params["type"],
            "value": params["value"],
            "verification": {"status": "unavailable", "verified_address": None, "verified_name": None},
        }
    )


@answers("GET", _URL)
def list_(work: Work, params: Json, customer: str) -> Json:
    """List a customer's numbers."""
    work.get("customer", customer)
    url = f"/v1/customers/{customer}/tax_ids"
    return lists.page(work, _KIND, params, url=url, fixed={"customer": customer})


@answers("DELETE", _URL + "/{id}")
def delete(work: Work, params: Json, customer: str, identifier: str) -> Json:
    """Forget a number."""
    body = work.get(_KIND, identifier)
    if body["customer"] != customer:
        return work.get(_KIND, "")
    return work.bury(body)
