"""Customers: who pays, and what they let the merchant keep."""

from deploy.sandbox.errors import Json
from deploy.sandbox.ids import new_id
from deploy.sandbox.payments import methods
from deploy.sandbox.work import Work


def add(work: Work, params: Json) -> Json:
    """Keep a new customer, with a payment method when one is given."""
    settings = params.get("invoice_settings") or {}
    body = {
        "id": new_id("cus", 14),
        "object": "customer",
        "address": params.get("address") or None,
        "balance": params.get("balance", 0),
        "created": work.now,
        "currency": None,
        "customer_account": None,
        "default_source": None,
        "delinquent": False,
        "description": params.get("description"),
        "discount": None,
        "email": params.get("email"),
        "invoice_prefix": new_id("x", 7).upper()[2:],
        "invoice_settings": {
            "custom_fields": settings.get("custom_fields") or None,
            "default_payment_method": None,
            "footer": settings.get("footer"),
            "rendering_options": None,
        },
        "livemode": False,
        "metadata": params.get("metadata") or {},
        "name": params.get("name") or None,
        "next_invoice_sequence": 1,
        "phone": params.get("phone"),
        "preferred_locales": params.get("preferred_locales") or [],
        "shipping": params.get("shipping") or None,
        "tax_exempt": params.get("tax_exempt") or "none",
        "test_clock": None,
    }
    work.add(body)
    if "payment_method" in params:
        methods.attach(work, methods.referred_to(work, params["payment_method"]), body["id"])
    chosen = settings.get("default_payment_method")
    if chosen:
        body["invoice_settings"]["default_payment_method"] = work.get("payment_method", chosen)["id"]
        work.save(body)
    work.emit("customer.created", body)
    return body


def merged_metadata(body: Json, params: Json) -> Json:
    """Return the metadata after a change: an empty value removes its key, an empty whole removes all."""
    if "metadata" not in params:
        return dict(body["metadata"])
    given = params["metadata"]
    if given == "":
        return {}
    merged = body["metadata"] | given
    return {key: value for key, value in merged.items() if value != ""}
