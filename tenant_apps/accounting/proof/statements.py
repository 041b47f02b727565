"""What each line of the bank brought is entered, and of one that was seen to nothing is left."""

from collections.abc import Iterator

from django.db.models import Case, F, Q, Sum, Value, When
from django.db.models.expressions import Func
from django.db.models.fields import CharField
from django.db.models.functions import Collate

from tenant_apps.accounting.models import Book, LineStatus, StatementLine
from tenant_apps.accounting.proof.faults import Fault
from tenant_apps.orders.models import Account, Transfer


def check() -> Iterator[Fault]:
    entered = _entered()
    ours = next(entered, None)
    lines = StatementLine.objects.filter(book=Book.BANK, cents__gt=0).order_by("id")
    for line_id, cents, status in lines.values_list("id", "cents", "status").iterator():
        while ours and ours[0] < line_id.hex:
            yield Fault("a row of the bank is of one of its lines", f"bank:{ours[0]}", 0, ours[1])
            ours = next(entered, None)
        came, left = 0, 0
        if ours and ours[0] == line_id.hex:
            _line, came, left = ours
            ours = next(entered, None)
        if came != cents:
            yield Fault("a line of the bank is entered", f"bank:{line_id.hex}", cents, came)
        elif left < 0 or (left and status != LineStatus.OPEN):
            yield Fault("a line of the bank is given once, and wholly", f"bank:{line_id.hex}", 0, left)
    while ours:
        yield Fault("a row of the bank is of one of its lines", f"bank:{ours[0]}", 0, ours[1])
        ours = next(entered, None)


def _entered() -> Iterator[tuple[str, int, int]]:
    """By line: what came, and what of it is nobody's yet."""
    line = Func(F("source"), Value(":"), Value(2), function="split_part", output_field=CharField())
    came = Case(When(source__endswith=":in", then=F("amount_cents")), default=0)
    left = Case(When(Q(credit=Account.UNCLAIMED), then=F("amount_cents")), default=-F("amount_cents"))
    rows = Transfer.objects.filter(source__startswith="bank:").annotate(line=Collate(line, "C")).order_by("line")
    sums = rows.values_list("line").annotate(came=Sum(came), left=Sum(left))
    yield from sums.iterator()
