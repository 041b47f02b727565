"""Invoices: `/v1/invoices`, `/v1/invoiceitems`, `/v1/invoice_payments`."""

from deploy.sandbox import lists
from deploy.sandbox.errors import Json, invalid
from deploy.sandbox.money import check_currency
from deploy.sandbox.payments import customers, invoice_bodies, invoicing
from deploy.sandbox.registry import answers, includable
from deploy.sandbox.work import Work

_KIND = "invoice"
_URL = "/v1/invoices"
_ITEMS = "/v1/invoiceitems"
_PAYMENTS = "/v1/invoice_payments"


@answers("POST", _URL)
def create(work: Work, params: Json) -> Json:
    """Draw up an invoice, by hand."""
    if "customer" not in params:
        raise invalid("Missing required param: customer.", param="customer", code="parameter_missing")
    invoice = invoicing.draw_up(work, params)
    work.emit("invoice.created", invoice)
    return invoice


@answers("POST", _ITEMS)
def add_item(work: Work, params: Json) -> Json:
    """Put a line on a draft invoice."""
    if "invoice" not in params or "amount" not in params:
        raise invalid("The sandbox needs `invoice` and `amount` for an invoice item.", param="invoice")
    invoice = work.get(_KIND, params["invoice"], param="invoice")
    if invoice["status"] != "draft":
        raise invalid("This invoice is no longer editable", param="invoice", code="invoice_not_editable")
    currency = str(params.get("currency", invoice["currency"]))
    check_currency(currency)
    line = invoice_bodies.line(
        work,
        amount=params["amount"],
        currency=currency,
        description=params.get("description"),
        period=(work.now, work.now),
    )
    invoicing.with_lines(work, invoice, [line])
    return line | {
        "id": "ii" + line["id"].removeprefix("il"),
        "object": "invoiceitem",
        "customer": invoice["customer"],
        "date": work.now,
        "invoice": invoice["id"],
        "proration": False,
        "tax_rates": [],
        "test_clock": None,
    }


@answers("GET", _URL + "/{id}")
def retrieve(work: Work, params: Json, identifier: str) -> Json:
    """Show an invoice."""
    return work.get(_KIND, identifier)


@answers("POST", _URL + "/{id}")
def update(work: Work, params: Json, identifier: str) -> Json:
    """Change an invoice's description, metadata, or what pays it."""
    invoice = work.get(_KIND, identifier)
    names = ("auto_advance", "default_payment_method", "description")
    changes: Json = {name: params[name] for name in names if name in params}
    invoice = work.save(invoice | changes | {"metadata": customers.merged_metadata(invoice, params)})
    work.emit("invoice.updated", invoice)
    return invoice


@answers("POST", _URL + "/{id}/finalize")
def finalize(work: Work, params: Json, identifier: str) -> Json:
    """Make a draft final."""
    return invoicing.finalize(work, work.get(_KIND, identifier))


@answers("POST", _URL + "/{id}/pay")
def pay(work: Work, params: Json, identifier: str) -> Json:
    """Charge an invoice."""
    invoice = work.get(_KIND, identifier)
    if params.get("paid_out_of_band"):
        return invoicing.pay_out_of_band(work, invoice)
    return invoicing.pay(work, invoice, params.get("payment_method"))


@answers("POST", _URL + "/{id}/void")
def void(work: Work, params: Json, identifier: str) -> Json:
    """Make an invoice worth nothing."""
    return invoicing.void(work, work.get(_KIND, identifier))


@answers("POST", _URL + "/{id}/send")
def send(work: Work, params: Json, identifier: str) -> Json:
    """Send an invoice."""
    return invoicing.send(work, work.get(_KIND, identifier))


@answers("GET", _URL + "/{id}/lines")
def list_lines(work: Work, params: Json, identifier: str) -> Json:
    """List an invoice's lines."""
    found: Json = work.get(_KIND, identifier)["lines"]
    limit = params.get("limit", 10)
    return found | {"data": found["data"][:limit], "has_more": len(found["data"]) > limit}


@answers("GET", _URL)
def list_(work: Work, params: Json) -> Json:
    """List invoices."""
    filters = {name: name for name in ("collection_method", "customer", "status")}
    filters["subscription"] = "parent.subscription_details.subscription"
    return lists.page(work, _KIND, params, url=_URL, filters=filters)


@answers("GET", _PAYMENTS)
def list_payments(work: Work, params: Json) -> Json:
    """List what paid, or is to pay, an invoice."""
    filters = {"invoice": "invoice", "status": "status"}
    return lists.page(work, "invoice_payment", params, url=_PAYMENTS, filters=filters)


@includable(_KIND, "payments")
def payments(work: Work, invoice: Json) -> Json:
    """Write an invoice's payments into it."""
    found = work.where("invoice_payment", invoice=invoice["id"])
    return lists.of(found, f"{_URL}/{invoice['id']}/payments")


@includable(_KIND, "confirmation_secret")
def confirmation_secret(work: Work, invoice: Json) -> Json | None:
    """Write the secret of the intent that is to pay an invoice into it."""
    intent = invoicing.payment_intent(work, invoice)
    return intent and {"client_secret": intent["client_secret"], "type": "payment_intent"}
