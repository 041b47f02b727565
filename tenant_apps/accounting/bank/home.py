"""Where the money of a bank line is in the ledger until it is somebody's: none is without a home (UNCLAIMED).

The sum of the account in the ledger is what the bank says: what a line brings is entered once, and given out of its
home to what it was for.
"""

from collections.abc import Collection
from datetime import datetime
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q, Sum

from tenant_apps.accounting.models import StatementLine
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account, Transfer
from tenant_apps.payments.models import Payment

ASIDE, BACK = "aside", "back"
_PAID, _UNDONE = ":paid", ":undone"


def prefix(line_id: UUID) -> str:
    """Of the names of all that the ledger has of a line."""
    return f"bank:{line_id.hex}:"


def enter(line: StatementLine, at: datetime) -> None:
    """It came: in the bank, and nobody's yet."""
    _move(line, Account.BANK, Account.UNCLAIMED, line.cents, "in", at)


def give(line: StatementLine, cents: int, what: str, at: datetime) -> None:
    """Out of its home, to be entered as what it is. `what` names it among all that the line is given to."""
    _move(line, Account.UNCLAIMED, Account.BANK, cents, what, at)


def take_back(line: StatementLine, cents: int, what: str, at: datetime) -> None:
    _move(line, Account.BANK, Account.UNCLAIMED, cents, what, at)


def left_of(line: StatementLine) -> int:
    """Cents of the line that are nobody's yet."""
    return lefts_of([line])[line.id]


def lefts_of(lines: Collection[StatementLine]) -> dict[UUID, int]:
    """As `left_of`, of each. One query."""
    lefts = {line.id: 0 for line in lines}
    if not lefts:
        return lefts
    of_lines = reduce(or_, (Q(source__startswith=prefix(line_id)) for line_id in lefts))
    rows = Transfer.objects.filter(of_lines).order_by().values_list("source", "credit", "amount_cents")
    for source, credit, cents in rows:
        lefts[UUID(source.split(":")[1])] += cents if credit == Account.UNCLAIMED else -cents
    return lefts


def payments_of(line: StatementLine) -> list[Payment]:
    """What it was entered as and still is, the first first."""
    sources = Transfer.objects.filter(source__startswith=prefix(line.id)).values_list("source", flat=True)
    paid, undone = ({UUID(each.split(":")[2]) for each in sources if each.endswith(end)} for end in (_PAID, _UNDONE))
    standing = Payment.objects.filter(pk__in=paid - undone)
    return list(standing.select_related("order__guardian").order_by("started_at", "id"))


def paid(payment_id: UUID) -> str:
    """The name under which a part of a line is given to a payment."""
    return f"{payment_id.hex}{_PAID}"


def undone(payment_id: UUID) -> str:
    return f"{payment_id.hex}{_UNDONE}"


def was_taken_back(line: StatementLine) -> bool:
    """Whether a person took some of it from an order: where it goes next is theirs to say."""
    return Transfer.objects.filter(source__startswith=prefix(line.id), source__endswith=_UNDONE).exists()


def put_aside(line: StatementLine) -> int:
    """What of it was taken out of the books by a note, and is not back."""
    rows = Transfer.objects.filter(source__startswith=prefix(line.id))
    gone, back = (rows.filter(source__endswith=f":{what}") for what in (ASIDE, BACK))
    return sum((found.aggregate(sum=Sum("amount_cents"))["sum"] or 0) * sign for found, sign in ((gone, 1), (back, -1)))


def numbered(line: StatementLine, what: str) -> str:
    """A name for what may happen to a line more than once; its row must be locked."""
    return f"{Transfer.objects.filter(source__startswith=prefix(line.id)).count()}:{what}"


def _move(line: StatementLine, debit: Account, credit: Account, cents: int, what: str, at: datetime) -> None:
    ledger.enter(
        debit=debit,
        credit=credit,
        cents=cents,
        of=(line.payee_id, line.currency),
        source=f"{prefix(line.id)}{what}",
        at=at,
    )
