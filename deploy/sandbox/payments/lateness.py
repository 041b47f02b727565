"""Invoices that are not paid in time: a card is tried again and again, what was sent falls overdue."""

from deploy.sandbox.clock import DAY
from deploy.sandbox.errors import ApiError, Json
from deploy.sandbox.payments import invoicing
from deploy.sandbox.work import Work, job

# Days after the first refusal.
_TRIED_AGAIN = (1, 3, 5, 7)


def refused(work: Work, invoice_id: str) -> None:
    """The card of a subscription's invoice was refused for the first time."""
    move(work, invoice_id, "past_due", only_from=("active", "trialing"))
    for number, days in enumerate(_TRIED_AGAIN):
        work.later(days * DAY, f"retry_invoice_{number}", invoice_id)
    _announce(work, invoice_id, _TRIED_AGAIN[0])


def sent(work: Work, invoice: Json) -> None:
    """Watch for the day on which an invoice that was sent should be paid."""
    if invoice["status"] == "open" and invoice["due_date"]:
        work.later(invoice["due_date"] - work.now, "invoice_overdue", invoice["id"])


@job("invoice_overdue")
def overdue(work: Work, invoice_id: str) -> None:
    """The day has come, and nobody paid."""
    invoice = work.get("invoice", invoice_id)
    if invoice["status"] == "open":
        work.emit("invoice.overdue", invoice)
        move(work, invoice_id, "past_due", only_from=("active",))


def move(work: Work, invoice_id: str, status: str, *, only_from: tuple[str, ...]) -> None:
    """Move an invoice's subscription, if it has one that is in such a state."""
    subscription_id = invoicing.subscription_of(work.get("invoice", invoice_id))
    subscription = work.get("subscription", subscription_id) if subscription_id else None
    if subscription is None or subscription["status"] not in only_from:
        return
    previous = {"status": subscription["status"]}
    work.emit("customer.subscription.updated", work.save(subscription | {"status": status}), previous=previous)


def _retry(number: int) -> None:
    @job(f"retry_invoice_{number}")
    def retry(work: Work, invoice_id: str) -> None:
        invoice = work.get("invoice", invoice_id)
        if invoice["status"] != "open":
            return
        try:
            invoicing.pay(work, invoice)
        except ApiError:
            if number + 1 < len(_TRIED_AGAIN):
                _announce(work, invoice_id, _TRIED_AGAIN[number + 1] - _TRIED_AGAIN[number])
            else:
                _announce(work, invoice_id, None)
                move(work, invoice_id, "unpaid", only_from=("past_due",))


for _number in range(len(_TRIED_AGAIN)):
    _retry(_number)


def _announce(work: Work, invoice_id: str, days: int | None) -> None:
    invoice = work.get("invoice", invoice_id)
    work.save(invoice | {"next_payment_attempt": None if days is None else work.now + days * DAY})


def _paid(work: Work, invoice: Json) -> None:
    move(work, invoice["id"], "active", only_from=("incomplete", "past_due", "unpaid"))


invoicing.PAID.append(_paid)
