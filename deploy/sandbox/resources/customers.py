"""Customers: `/v1/customers`."""

from deploy.sandbox import lists
from deploy.sandbox.errors import Json
from deploy.sandbox.payments import customers, subscriptions
from deploy.sandbox.registry import answers
from deploy.sandbox.work import Work

_KIND = "customer"
_PLAIN = ("address", "description", "email", "name", "phone", "preferred_locales", "shipping")


@answers("POST", "/v1/customers")
def create(work: Work, params: Json) -> Json:
    """Make a customer."""
    return customers.add(work, params)


@answers("GET", "/v1/customers/{id}")
def retrieve(work: Work, params: Json, identifier: str) -> Json:
    """Show a customer."""
    return work.find("deleted_customer", identifier) or work.get(_KIND, identifier)


@answers("POST", "/v1/customers/{id}")
def update(work: Work, params: Json, identifier: str) -> Json:
    """Change a customer."""
    body = work.get(_KIND, identifier)
    changes: Json = {name: params[name] or None for name in _PLAIN if name in params}
    settings = params.get("invoice_settings") or {}
    if settings.get("default_payment_method"):
        work.get("payment_method", settings["default_payment_method"], param="invoice_settings")
    changes["invoice_settings"] = body["invoice_settings"] | {name: value or None for name, value in settings.items()}
    changes["metadata"] = customers.merged_metadata(body, params)
    body = work.save(body | changes)
    work.emit("customer.updated", body)
    return body


@answers("DELETE", "/v1/customers/{id}")
def delete(work: Work, params: Json, identifier: str) -> Json:
    """Forget a customer and let go of what was saved."""
    body = work.get(_KIND, identifier)
    for method in work.where("payment_method", customer=identifier):
        work.emit("payment_method.detached", work.save(method | {"customer": None}))
    for subscription in work.where("subscription", customer=identifier):
        if subscription["status"] in subscriptions.LIVE:
            subscriptions.cancel(work, subscription)
    work.emit("customer.deleted", body)
    return work.bury(body)


@answers("GET", "/v1/customers")
def list_(work: Work, params: Json) -> Json:
    """List customers."""
    return lists.page(work, _KIND, params, url="/v1/customers", filters={"email": "email"})


@answers("GET", "/v1/customers/{id}/payment_methods")
def list_methods(work: Work, params: Json, identifier: str) -> Json:
    """List what a customer has saved."""
    work.get(_KIND, identifier)
    return lists.page(
        work,
        "payment_method",
        params,
        url=f"/v1/customers/{identifier}/payment_methods",
        filters={"type": "type"},
        fixed={"customer": identifier},
    )


@answers("GET", "/v1/customers/{id}/payment_methods/{id}")
def retrieve_method(work: Work, params: Json, identifier: str, method: str) -> Json:
    """Show one thing a customer has saved."""
    body = work.get("payment_method", method)
    return body if body["customer"] == identifier else work.get("payment_method", "")
