"""Invoices: drawn up, made final, paid with what the customer saved."""

from collections.abc import Callable

from deploy.sandbox.clock import DAY
from deploy.sandbox.errors import ApiError, Json, invalid
from deploy.sandbox.ids import new_id
from deploy.sandbox.payments import confirming, intents, invoice_bodies, methods, taxes
from deploy.sandbox.work import Work

_OPEN_DAYS = 30
# Told of an invoice that was just paid, whatever paid it.
PAID: list[Callable[[Work, Json], None]] = []


def draw_up(work: Work, params: Json, *, reason: str = "manual", subscription: Json | None = None) -> Json:
    """Keep a draft, still without lines."""
    customer = work.get("customer", params["customer"], param="customer")
    automatic = params.get("collection_method", "charge_automatically") == "charge_automatically"
    due = None if automatic else work.now + (params.get("days_until_due") or _OPEN_DAYS) * DAY
    parent = subscription and {
        "quote_details": None,
        "subscription_details": {
            "metadata": subscription["metadata"],
            "subscription": subscription["id"],
        },
        "type": "subscription_details",
    }
    identifier = new_id("in")
    body = invoice_bodies.blank(work, identifier, customer)
    taxed = bool((params.get("automatic_tax") or {}).get("enabled"))
    return work.add(
        body
        | {
            "automatic_tax": body["automatic_tax"] | {"enabled": taxed, "status": "complete" if taxed else None},
            "auto_advance": params.get("auto_advance", subscription is not None),
            "billing_reason": reason,
            "collection_method": "charge_automatically" if automatic else "send_invoice",
            "currency": params.get("currency") or customer["currency"] or "cad",
            "default_payment_method": params.get("default_payment_method"),
            "description": params.get("description"),
            "due_date": due,
            "metadata": params.get("metadata") or {},
            "parent": parent,
        }
    )


def with_lines(work: Work, invoice: Json, lines: list[Json]) -> Json:
    """Put lines on a draft, and sum them up."""
    found = [*invoice["lines"]["data"], *({**line, "invoice": invoice["id"]} for line in lines)]
    amounts = [line["amount"] for line in found]
    owed = taxes.of_invoice(work, invoice, amounts)
    net, total = sum(amounts), sum(amounts) + sum(tax["amount"] for tax in owed)
    due = max(total, 0)
    return work.save(
        invoice
        | {"lines": invoice["lines"] | {"data": found}, "amount_due": due, "amount_remaining": due}
        | dict.fromkeys(("subtotal", "subtotal_excluding_tax", "total_excluding_tax"), net)
        | {"total": total, "total_taxes": owed}
    )


def finalize(work: Work, invoice: Json) -> Json:
    """Make a draft final: it has a number, and something to pay it with."""
    if invoice["status"] != "draft":
        raise invalid("This invoice is already finalized.", code="invoice_not_editable")
    customer = work.get("customer", invoice["customer"])
    number = f"{customer['invoice_prefix']}-{customer['next_invoice_sequence']:04}"
    work.save(customer | {"next_invoice_sequence": customer["next_invoice_sequence"] + 1})
    invoice = work.save(
        invoice
        | {
            "effective_at": work.now,
            "hosted_invoice_url": f"{work.settings.public_url}/invoice/{invoice['id']}",
            "invoice_pdf": f"{work.settings.public_url}/invoice/{invoice['id']}/pdf",
            "number": number,
            "status": "open",
            "status_transitions": invoice["status_transitions"] | {"finalized_at": work.now},
        }
    )
    work.emit("invoice.finalized", invoice)
    if invoice["amount_due"] == 0:
        return _paid(work, invoice)
    _open_payment(work, invoice)
    return invoice


def pay(work: Work, invoice: Json, method_id: str | None = None) -> Json:
    """Charge an open invoice. Raises ApiError (402) on a refusal, which is kept."""
    if invoice["status"] == "paid":
        raise invalid("Invoice is already paid", code="invoice_payment_intent_requires_action")
    if invoice["status"] == "draft":
        invoice = finalize(work, invoice)
    if invoice["status"] != "open":
        raise invalid(f"This invoice cannot be paid: it is {invoice['status']}.")
    if invoice["amount_remaining"] == 0:
        return invoice
    method = method_id or default_method(work, invoice)
    if method is None:
        message = "Cannot charge the customer when it has no active card, or no default payment method."
        raise _attempted(work, invoice, ApiError(402, message, kind="card_error", code="missing"))
    try:
        confirming.confirm(work, _with_method(work, invoice, method), off_session=True)
    except ApiError as error:
        raise _attempted(work, invoice, error) from error
    return work.get("invoice", invoice["id"])


def pay_out_of_band(work: Work, invoice: Json) -> Json:
    """Note that an invoice was paid by other means; its own payment is given up."""
    if invoice["status"] not in ("open", "uncollectible"):
        raise invalid(f"This invoice cannot be paid: it is {invoice['status']}.")
    intent = payment_intent(work, invoice)
    if intent and intent["status"] in intents.OPEN:
        intents.cancel(work, intent, "automatic")
    return _paid(work, invoice)


def send(work: Work, invoice: Json) -> Json:
    """Send an invoice to its customer, made final first."""
    if invoice["collection_method"] != "send_invoice":
        raise invalid("You can only send invoices that are to be sent: collection_method=send_invoice.")
    if invoice["status"] == "draft":
        invoice = finalize(work, invoice)
    work.emit("invoice.sent", invoice)
    return invoice


def void(work: Work, invoice: Json) -> Json:
    """Make an open invoice worth nothing."""
    if invoice["status"] not in ("open", "uncollectible"):
        raise invalid(f"You can only void open invoices: this one is {invoice['status']}.")
    intent = payment_intent(work, invoice)
    if intent and intent["status"] in intents.OPEN:
        intents.cancel(work, intent, "void_invoice")
    moments = invoice["status_transitions"] | {"voided_at": work.now}
    invoice = work.save(invoice | {"status": "void", "status_transitions": moments})
    work.emit("invoice.voided", invoice)
    return invoice


def follow(work: Work, intent: Json) -> None:
    """Move the invoice of an intent along with it."""
    invoice_id = work.hidden(intent["id"]).get("invoice")
    if invoice_id and intent["status"] == "succeeded":
        _paid(work, work.get("invoice", invoice_id))


intents.LISTENERS.append(follow)


def payment_intent(work: Work, invoice: Json) -> Json | None:
    """Return the intent that is to pay an invoice."""
    identifier = work.hidden(invoice["id"]).get("intent")
    return identifier and work.get("payment_intent", identifier)


def default_method(work: Work, invoice: Json) -> str | None:
    """Return what pays when nothing is named: the invoice's, the subscription's, the customer's."""
    own: str | None = invoice["default_payment_method"]
    customer = work.get("customer", invoice["customer"])
    default: str | None = customer["invoice_settings"]["default_payment_method"]
    return own or default


def subscription_of(invoice: Json) -> str | None:
    """Return the subscription an invoice is for."""
    details = (invoice["parent"] or {}).get("subscription_details") or {}
    return details.get("subscription")


def _open_payment(work: Work, invoice: Json) -> None:
    intent = intents.new(
        work,
        {
            "amount": invoice["amount_due"],
            "currency": invoice["currency"],
            "customer": invoice["customer"],
            "description": f"Invoice {invoice['number']}",
            "payment_method_types": ["card"],
        },
        hidden={"invoice": invoice["id"]},
    )
    work.hide(invoice["id"], intent=intent["id"])
    work.add(
        {
            "id": new_id("inpay"),
            "object": "invoice_payment",
            "amount_paid": None,
            "amount_requested": invoice["amount_due"],
            "created": work.now,
            "currency": invoice["currency"],
            "invoice": invoice["id"],
            "is_default": True,
            "livemode": False,
            "payment": {"payment_intent": intent["id"], "type": "payment_intent"},
            "status": "open",
            "status_transitions": {"canceled_at": None, "paid_at": None},
        }
    )


def _with_method(work: Work, invoice: Json, method_id: str) -> Json:
    intent = payment_intent(work, invoice)
    if intent is None:
        raise invalid("This invoice has nothing to pay.")
    method = methods.referred_to(work, method_id)
    return work.save(intent | {"payment_method": method["id"], "status": "requires_confirmation"})


def _paid(work: Work, invoice: Json) -> Json:
    invoice = work.save(
        invoice
        | {
            "amount_paid": invoice["amount_due"],
            "amount_remaining": 0,
            "attempted": True,
            "attempt_count": invoice["attempt_count"] + (invoice["amount_due"] > 0),
            "auto_advance": False,
            "next_payment_attempt": None,
            "status": "paid",
            "status_transitions": invoice["status_transitions"] | {"paid_at": work.now},
        }
    )
    for payment in work.where("invoice_payment", invoice=invoice["id"]):
        moments = payment["status_transitions"] | {"paid_at": work.now}
        done = {"amount_paid": invoice["amount_due"], "status": "paid", "status_transitions": moments}
        work.save(payment | done)
    work.emit("invoice.paid", invoice)
    work.emit("invoice.payment_succeeded", invoice)
    for told in PAID:
        told(work, invoice)
    return invoice


def _attempted(work: Work, invoice: Json, error: ApiError) -> ApiError:
    invoice = work.get("invoice", invoice["id"])
    count = invoice["attempt_count"] + 1
    invoice = work.save(invoice | {"attempted": True, "attempt_count": count})
    work.emit("invoice.payment_failed", invoice)
    error.keeps_work = True
    return error
