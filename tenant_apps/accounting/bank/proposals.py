"""What a line may be for, where its words do not say: the orders that owe, and what the books have already."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Case, F, Q, QuerySet, Sum, When

from kernel import folding
from tenant_apps.accounting.bank import assigning, copies, home
from tenant_apps.accounting.models import StatementLine
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account, Order, Status, Transfer
from tenant_apps.payments import communication, drawer

MOST_SHOWN = 8
_MOST_LOOKED_AT = 2_000
_SHORTEST_NAME = 3


@dataclass(frozen=True, slots=True)
class Proposal:
    """`is_named`: the words of the transfer name it; `is_exact`: it owes what is left of the line."""

    order: Order
    owed_cents: int
    is_named: bool = False
    is_exact: bool = False
    is_same_name: bool = False

    @property
    def rank(self) -> tuple[bool, int]:
        return self.is_named, self.is_exact + self.is_same_name


@dataclass(frozen=True, slots=True)
class Known:
    """Money that the ledger has in the bank already, which no line has taken.

    `reference`: of an order or a slip, or whose another line is.
    """

    source: str
    kind: str
    reference: str
    cents: int


def of_line(line: StatementLine, wanted: str = "") -> list[Proposal]:
    """The likeliest first; of the orders that answer to `wanted` where something is searched."""
    left = home.left_of(line)
    digits = communication.found_in(f"{line.communication} {wanted}")
    orders = _searched(line, wanted, digits) if wanted.strip() else _owing(line, digits)
    proposals = [_proposal(order, line, left, digits, cents) for order, cents in _with_owed(orders)]
    if not wanted.strip():
        proposals = [each for each in proposals if any(each.rank)]
    return sorted(proposals, key=lambda each: each.rank, reverse=True)[:MOST_SHOWN]


def of_orders(line: StatementLine, order_ids: Collection[UUID]) -> list[Proposal]:
    """The ones that a form names, where the account is paid for them."""
    left = home.left_of(line)
    digits = communication.found_in(line.communication)
    orders = assigning.orders_of(line).filter(pk__in=order_ids)
    return [_proposal(order, line, left, digits, cents) for order, cents in _with_owed(orders)]


def known_money(line: StatementLine) -> list[Known]:
    """A payout, a deposit, a payment that staff recorded, another file's line: of the line's amount."""
    found = [*_deposits(line), *_entered(line)]
    wholes = {_whole(each.source) for each in found}
    named = reduce(or_, (Q(known_as__startswith=whole) for whole in wholes), Q(pk=None))
    taken = set(StatementLine.objects.filter(named).values_list("known_as", flat=True))
    return [*_lines(line), *(each for each in found if not any(_overlap(each.source, other) for other in taken))]


def is_doubtful(line: StatementLine, order: Order | None = None) -> bool:
    """Whether its money may be in the books by another file; or, of that order, as staff recorded it by hand."""
    if copies.of_line(line):
        return True
    return order is not None and any(
        (each.kind, each.reference) == ("payment", order.reference) for each in known_money(line)
    )


def _whole(source: str) -> str:
    return ":".join(source.split(":")[:3])


def _overlap(source: str, other: str) -> bool:
    """The cash of a slip is in the whole of it."""
    return source == other or source.startswith(f"{other}:") or other.startswith(f"{source}:")


def _owing(line: StatementLine, digits: Collection[str]) -> QuerySet[Order]:
    """Those that wait to be paid, and the one that the words name, whatever became of it."""
    owed = Case(
        When(debit=Account.RECEIVABLE, then=F("amount_cents")),
        When(credit=Account.RECEIVABLE, then=-F("amount_cents")),
        default=0,
    )
    rows = Transfer.objects.filter(order__in=assigning.orders_of(line).order_by().values("pk")).order_by()
    unpaid = rows.values("order_id").annotate(owed=Sum(owed)).filter(owed__gt=0).values("order_id")
    owing = Q(status=Status.OPEN) | Q(pk__in=unpaid)
    found: QuerySet[Order] = assigning.orders_of(line).filter(owing | Q(communication__in=digits))
    return found[:_MOST_LOOKED_AT]


def _searched(line: StatementLine, wanted: str, digits: Collection[str]) -> QuerySet[Order]:
    """By reference, by communication, or by the names of the family."""
    named = Q()
    for word in folding.words(wanted):
        named &= Q(guardian__search_text__contains=word) | Q(
            lines__registration__participant__search_text__contains=word
        )
    found: QuerySet[Order] = (
        assigning.orders_of(line)
        .filter(named | Q(reference__iexact=wanted.strip()) | Q(communication__in=digits))
        .distinct()
    )
    return found[: MOST_SHOWN * 3]


def _with_owed(orders: Iterable[Order]) -> list[tuple[Order, int]]:
    found = list(orders)
    balances = ledger.balances_of_orders([order.id for order in found if order.status == Status.SETTLED])
    return [(order, _owed(order, balances)) for order in found]


def _owed(order: Order, balances: dict[UUID, int]) -> int:
    if order.status == Status.SETTLED:
        return max(balances[order.id], 0)
    return assigning.owed(order)


def _proposal(order: Order, line: StatementLine, left: int, digits: Collection[str], owed: int) -> Proposal:
    said = f" {folding.fold(line.counterparty)} {folding.fold(line.communication)} "
    surname = folding.fold(order.guardian.last_name)
    return Proposal(
        order=order,
        owed_cents=owed,
        is_named=order.communication in digits or order.reference in line.communication.upper(),
        is_exact=owed == left,
        is_same_name=len(surname) >= _SHORTEST_NAME and f" {surname} " in said,
    )


def _lines(line: StatementLine) -> list[Known]:
    return [
        Known(copies.source(line, other), copies.KIND, other.counterparty or other.reference, other.cents)
        for other in copies.of_line(line)
    ]


def _deposits(line: StatementLine) -> list[Known]:
    """Of a slip, all of it or its cash or its cheques, as the bank books them."""
    found = []
    for slip in drawer.deposits([line.payee_id]):
        whole = f"deposit:{line.payee_id}:{slip.number}"
        for source, cents in (
            (whole, slip.total_cents),
            (f"{whole}:cash", slip.cash_cents),
            (f"{whole}:cheque", slip.cheques_cents),
        ):
            if cents == line.cents:
                found.append(Known(source, "deposit", slip.name, cents))
                break
    return found


def _entered(line: StatementLine) -> list[Known]:
    rows = Transfer.objects.filter(payee_id=line.payee_id, debit=Account.BANK, amount_cents=line.cents)
    came_back = Q(source__startswith="refund:", source__endswith=":returned")
    causes = Q(source__startswith="payout:") | Q(source__startswith="payment:") | came_back
    rows = rows.filter(causes).select_related("order")
    found = list(rows.order_by("-at", "-id")[:20])
    by_lines = _paid_by_lines(found)
    return [
        Known(row.source, row.source.split(":")[0], row.order.reference if row.order else "", row.amount_cents)
        for row in found
        if row.source not in by_lines
    ]


def _paid_by_lines(rows: list[Transfer]) -> set[str]:
    """What a bank line was entered as is not there twice."""
    named = {f":{home.paid(UUID(row.source.split(':')[1]))}": row.source for row in rows if row.order_id}
    of_lines = Q()
    for end in named:
        of_lines |= Q(source__endswith=end)
    if not named:
        return set()
    given = Transfer.objects.filter(of_lines, source__startswith="bank:", credit=Account.BANK)
    return {source for end, source in named.items() for each in given if each.source.endswith(end)}
