"""Rows as they are and rows as they should be, compared one by one: neither is ever in memory as a whole."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Collate

from tenant_apps.accounting.proof.faults import Fault
from tenant_apps.orders.models import Transfer

# A row: from, to, cents, order.
Row = tuple[str, str, int, UUID | None]
Rows = Iterator[tuple[str, Row]]


def entered(prefix: str) -> Rows:
    """By their source, as bytes: so are identifiers, of which the sources are made."""
    rows = Transfer.objects.filter(source__startswith=prefix).annotate(named=Collate(F("source"), "C"))
    found = rows.order_by("named").values_list("source", "debit", "credit", "amount_cents", "order_id")
    for source, debit, credit, cents, order_id in found.iterator():
        yield source, (debit, credit, cents, order_id)


def compared(check: str, entered: Rows, due: Rows) -> Iterator[Fault]:
    """Both in the order of their sources."""
    ours, theirs = next(entered, None), next(due, None)
    while ours or theirs:
        source = min(each[0] for each in (ours, theirs) if each)
        found = ours[1] if ours and ours[0] == source else None
        expected = theirs[1] if theirs and theirs[0] == source else None
        if found != expected:
            yield Fault(check, source, expected[2] if expected else 0, found[2] if found else 0)
        ours = next(entered, None) if found else ours
        theirs = next(due, None) if expected else theirs
