"""Each line of a settled order is sold for what it says, with its taxes, and an order's total is that of its lines."""

from collections.abc import Iterator
from itertools import groupby
from uuid import UUID

from django.db.models import F, Sum
from django.db.models.functions import Coalesce

from tenant_apps.accounting.proof import streams
from tenant_apps.accounting.proof.faults import Fault
from tenant_apps.accounting.proof.streams import Rows
from tenant_apps.catalog.pricing import quote as quotes
from tenant_apps.orders.models import Account, Order, OrderLine
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.registrations.models import Status as Registered

_PREFIX = "order_line:"
_CHECK = "the rows of each sale"
# Only what was sold can have become this.
_HAD = (Registered.CONFIRMED, Registered.WITHDRAWN, Registered.CANCELLED)


def check() -> Iterator[Fault]:
    yield from _totals()
    unsold: set[UUID] = set()
    yield from streams.compared(_CHECK, streams.entered(_PREFIX), _due(unsold))
    yield from _gone(unsold)


def _totals() -> Iterator[Fault]:
    orders = Order.objects.annotate(of_lines=Coalesce(Sum("lines__amount_cents"), 0)).exclude(total_cents=F("of_lines"))
    for reference, total, of_lines in orders.order_by("placed_at").values_list("reference", "total_cents", "of_lines"):
        yield Fault("an order's total is that of its lines", f"order {reference}", of_lines, total)


def _due(unsold: set[UUID]) -> Rows:
    """Of the lines that have any row: one whose place had gone has none, and is kept in `unsold`."""
    lines = OrderLine.objects.annotate(status=F("order__status")).order_by("id")
    with_rows = _lines_with_rows()
    known = next(with_rows, None)
    for line in lines.only("id", "order_id", "amount_cents", "quote").iterator():
        while known and known < str(line.id):
            known = next(with_rows, None)
        if known == str(line.id):
            yield from _rows_of(line)
        elif line.amount_cents and line.status == OrderStatus.SETTLED:
            unsold.add(line.id)


def _lines_with_rows() -> Iterator[str]:
    for line_id, _rows in groupby(streams.entered(_PREFIX), key=lambda each: each[0].split(":")[1]):
        yield line_id


def _rows_of(line: OrderLine) -> Rows:
    taxes = quotes.read(line.quote).sold_taxes_cents
    parts = [("sold", Account.REVENUE, line.amount_cents - sum(taxes.values()))]
    parts += [(f"tax:{code}", Account.TAXES, cents) for code, cents in taxes.items()]
    for what, account, cents in sorted(parts):
        sides = (Account.RECEIVABLE, account) if cents > 0 else (account, Account.RECEIVABLE)
        if cents:
            yield f"{_PREFIX}{line.id}:{what}", (*sides, abs(cents), line.order_id)


def _gone(unsold: set[UUID]) -> Iterator[Fault]:
    """What was had all the same, and is sold in no other order either."""
    had = OrderLine.objects.filter(pk__in=unsold, registration__status__in=_HAD).order_by("id")
    facts = list(had.values_list("id", "registration_id", "amount_cents"))
    others = OrderLine.objects.filter(
        registration_id__in={registration_id for _id, registration_id, _cents in facts},
        order__status=OrderStatus.SETTLED,
    ).exclude(pk__in=unsold)
    sold = set(others.values_list("registration_id", flat=True))
    for line_id, registration_id, cents in facts:
        if registration_id not in sold:
            yield Fault(_CHECK, f"{_PREFIX}{line_id}:sold", cents, 0)
