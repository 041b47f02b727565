"""Invoices of the platform at the processor, which makes, numbers and sends them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from billing.gateway.client import ProcessorRefused, speaking

if TYPE_CHECKING:
    import stripe

# Two years of months: older ones do not change any more.
_RECENT = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """`lines`: {"label", "amount"} in cents, taxes with "percent"; `state` is open, paid, void or uncollectible."""

    id: str
    number: str
    state: str
    currency: str
    net_cents: int
    tax_cents: int
    total_cents: int
    due_cents: int
    lines: list[dict[str, str | int | float]]
    period_start: datetime
    period_end: datetime
    issued_at: datetime
    due_at: datetime | None
    paid_at: datetime | None
    page_url: str
    pdf_url: str


def of_customer(customer: str) -> list[Bill]:
    """The recent ones, newest first, without drafts."""
    with speaking() as stripe_client:
        found = stripe_client.v1.invoices.list(
            {"customer": customer, "limit": _RECENT, "expand": ["data.total_taxes.tax_rate_details.tax_rate"]}
        ).data
    return [_bill(invoice) for invoice in found if invoice.status != "draft"]


def paid_elsewhere(invoice_id: str) -> None:
    """It was paid by cheque or transfer. Twice is once."""
    try:
        with speaking() as stripe_client:
            stripe_client.v1.invoices.pay(invoice_id, {"paid_out_of_band": True})
    except ProcessorRefused:
        if not _is_paid(invoice_id):
            raise


def pay_by_card(invoice_id: str) -> None:
    """With the customer's card. Raises ProcessorRefused where its bank says no."""
    try:
        with speaking() as stripe_client:
            stripe_client.v1.invoices.pay(invoice_id)
    except ProcessorRefused:
        if not _is_paid(invoice_id):
            raise


def _is_paid(invoice_id: str) -> bool:
    with speaking() as stripe_client:
        return stripe_client.v1.invoices.retrieve(invoice_id).status == "paid"


def _bill(invoice: "stripe.Invoice") -> Bill:
    moments = invoice.status_transitions
    lines: list[dict[str, str | int | float]] = [
        {"label": line.description or "", "amount": line.amount} for line in invoice.lines.data
    ]
    taxes = invoice.total_taxes or []
    lines += [_tax(tax) for tax in taxes]
    period = invoice.lines.data[0].period if invoice.lines.data else None
    return Bill(
        id=str(invoice.id),
        number=invoice.number or "",
        state=invoice.status or "open",
        currency=invoice.currency,
        net_cents=invoice.total_excluding_tax or 0,
        tax_cents=sum(tax.amount for tax in taxes),
        total_cents=invoice.total,
        due_cents=invoice.amount_remaining,
        lines=lines,
        period_start=_moment(period.start if period else invoice.period_start),
        period_end=_moment(period.end if period else invoice.period_end),
        issued_at=_moment(moments.finalized_at or invoice.created),
        due_at=_moment(invoice.due_date) if invoice.due_date else None,
        paid_at=_moment(moments.paid_at) if moments.paid_at else None,
        page_url=invoice.hosted_invoice_url or "",
        pdf_url=invoice.invoice_pdf or "",
    )


def _tax(tax: "stripe.Invoice.TotalTax") -> dict[str, str | int | float]:
    rate = tax.tax_rate_details.tax_rate if tax.tax_rate_details else None
    name, percent = getattr(rate, "display_name", "Taxes"), getattr(rate, "percentage", 0)
    return {"label": name, "percent": float(percent), "amount": tax.amount}


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
