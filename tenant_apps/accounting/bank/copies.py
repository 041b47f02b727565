"""One transfer in two files: a line that another file may have brought before waits for a person."""

from collections.abc import Collection, Iterable
from datetime import timedelta
from uuid import UUID

from kernel import folding
from tenant_apps.accounting.models import Book, StatementLine
from tenant_apps.organisation.models import Payee
from tenant_apps.payments import communication

KIND = "bank"
# What the reference of a table's row begins with (tables.py).
_TABLE = "csv-"
# One file may say the day of the order, another that of the booking.
_NEAR = timedelta(days=5)


def of_line(line: StatementLine) -> list[StatementLine]:
    """The other lines that may be the same transfer, the first first."""
    return of_lines([line])[line.id]


def of_lines(lines: Collection[StatementLine]) -> dict[UUID, list[StatementLine]]:
    """As `of_line`, of each; they need not be stored yet. Two queries."""
    if not lines:
        return {}
    accounts = payees_by_account()
    others = StatementLine.objects.filter(
        book=Book.BANK,
        payee_id__in={payee_id for line in lines for payee_id in accounts[line.payee_id]},
        cents__in={line.cents for line in lines},
        booked_on__gte=min(line.booked_on for line in lines) - _NEAR,
        booked_on__lte=max(line.booked_on for line in lines) + _NEAR,
    ).exclude(known_as__startswith=f"{KIND}:")
    by_cents: dict[int, list[StatementLine]] = {}
    for other in others.order_by("found_at", "id"):
        by_cents.setdefault(other.cents, []).append(other)
    return {
        line.id: [
            other
            for other in by_cents.get(line.cents, [])
            if other.payee_id in accounts[line.payee_id] and _may_be_same(line, other)
        ]
        for line in lines
    }


def payees_by_account() -> dict[UUID, list[UUID]]:
    """Of each payee, those whose account it is, by their name: the same whichever of them is asked about."""
    payees = list(Payee.objects.order_by("name", "id").values_list("id", "iban"))
    return {
        payee_id: [other for other, its_iban in payees if other == payee_id or (iban and its_iban == iban)]
        for payee_id, iban in payees
    }


def source(line: StatementLine, other: StatementLine) -> str:
    """What a line is known as that is the same transfer as the other one."""
    return f"{KIND}:{other.id.hex}:{line.id.hex}"


def pair(line_id: UUID, source: str) -> Iterable[UUID]:
    """Both lines, where a line is known as another one."""
    kind, _mark, named = source.partition(":")
    return {line_id, UUID(named.split(":")[0])} if kind == KIND else {line_id}


def _may_be_same(line: StatementLine, other: StatementLine) -> bool:
    if line.id == other.id:
        return False
    if _make(line) != _make(other):
        return abs(line.booked_on - other.booked_on) <= _NEAR and _say_the_same(line, other)
    # Of one make, the references tell them apart; yet a table may word the same transfer anew on another day.
    is_other_table = _make(line).startswith(_TABLE) and line.found_at != other.found_at
    return is_other_table and line.booked_on == other.booked_on and _say_the_same(line, other)


def _make(line: StatementLine) -> str:
    """CODA, or tables that have the same header."""
    return "-".join(line.reference.split("-")[:2]) if line.reference.startswith(_TABLE) else ""


def _say_the_same(line: StatementLine, other: StatementLine) -> bool:
    ours, theirs = (communication.found_in(each.communication) for each in (line, other))
    if ours and theirs:
        return not set(ours).isdisjoint(theirs)
    return _is_same(line.counterparty, other.counterparty) or _is_same(line.communication, other.communication)


def _is_same(text: str, other: str) -> bool:
    return bool(text) and folding.fold(text).split() == folding.fold(other).split()
