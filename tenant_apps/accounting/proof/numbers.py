"""Numbers follow each other without a gap, and every payment has its one receipt."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Count, Max, Q

from shared_apps.audit.models import Entry
from tenant_apps.accounting.proof.faults import Fault
from tenant_apps.orders.models import Numbering, Order
from tenant_apps.orders.restoring import PASSED_OVER
from tenant_apps.organisation.models import Payee
from tenant_apps.payments.models import Means, Payment, Receipt, Status

# By series: how many there are and the highest, by payee. A deposit has no row of its own, only payments that name it.
_SERIES = {
    "orders": Order.objects.values_list("payee_id").annotate(Count("id"), Max("number")),
    "receipts": Receipt.objects.values_list("payee_id").annotate(Count("id"), Max("number")),
}


def check() -> Iterator[Fault]:
    names = dict(Payee.objects.values_list("id", "name"))
    for series, rows in _SERIES.items():
        last, passed_over = _last(series), _passed_over(series)
        found = {payee: (count, highest) for payee, count, highest in rows.order_by()}
        for payee in {*last, *found}:
            count, highest = found.get(payee, (0, 0))
            skipped, top = passed_over.get(payee, (0, 0))
            for number in (count + skipped, max(highest, top)):
                if number != last.get(payee, 0):
                    yield Fault(f"{series} are numbered without a gap", names[payee], last.get(payee, 0), number)
                    break
    yield from _deposits(names)
    yield from _receipts()


def _last(series: str) -> dict[UUID, int]:
    return dict(Numbering.objects.filter(series=series).values_list("payee_id", "last"))


def _passed_over(series: str) -> dict[UUID, tuple[int, int]]:
    """By payee, how many numbers are given to nobody since a restore, and the highest of them."""
    found: dict[UUID, tuple[int, int]] = {}
    for payee, details in Entry.objects.filter(action=PASSED_OVER).values_list("subject_id", "details"):
        if payee is not None and details["series"] == series:
            count, top = found.get(payee, (0, 0))
            found[payee] = (count + details["last"] - details["first"] + 1, max(top, details["last"]))
    return found


def _deposits(names: dict[UUID, str]) -> Iterator[Fault]:
    last = _last("deposits")
    rows = Payment.objects.exclude(deposit=None).order_by().values_list("order__payee_id")
    for payee, highest in rows.annotate(Max("deposit")):
        if highest > last.get(payee, 0):
            yield Fault("deposits are numbered without a gap", names[payee], last.get(payee, 0), highest)


def _receipts() -> Iterator[Fault]:
    """The family's own credit has none: it is on that of what paid it in."""
    first = Count("receipts", filter=Q(receipts__corrects=None))
    payments = Payment.objects.annotate(first=first).order_by("started_at")
    received = Q(status=Status.SUCCEEDED) & ~Q(means=Means.CREDIT)
    for payment in payments.filter(received).exclude(first=1):
        yield Fault("a payment has one receipt", f"payment {payment.id}", 1, payment.first)
    for payment in payments.exclude(received).exclude(first=0):
        yield Fault("a payment has one receipt", f"payment {payment.id}", 0, payment.first)
