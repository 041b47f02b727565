"""What was paid of each line of an order in each year: from the ledger, to the cent, and never more than is owed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from kernel import clock
from tenant_apps.catalog.pricing.rounding import shares
from tenant_apps.orders.ledger import SOLD
from tenant_apps.orders.models import Account, Transfer
from tenant_apps.slips import gifts

_OWED = Account.RECEIVABLE


def came_in(payee_id: UUID, *, first: Any, until: Any) -> Q:
    """The transfers of money that a payee received between two moments."""
    return Q(payee_id=payee_id, credit=_OWED, at__gte=first, at__lt=until) & ~Q(debit__in=SOLD)


def read(order_ids: Collection[UUID], zone: ZoneInfo) -> tuple[dict[UUID, int], dict[UUID, dict[int, int]]]:
    """By order, what it still sells, and what of it was paid in each year. What the organisation gave is neither.

    One query, and two more where a credit was spent.
    """
    sold: dict[UUID, int] = dict.fromkeys(order_ids, 0)
    moved: dict[UUID, list[tuple[int, int]]] = {order_id: [] for order_id in order_ids}
    facts = ("order_id", "debit", "credit", "amount_cents", "at", "guardian_id")
    found = Transfer.objects.filter(Q(debit=_OWED) | Q(credit=_OWED), order_id__in=order_ids).order_by("at", "id")
    rows = list(found.values_list(*facts))
    given = gifts.of_orders({guardian for *_facts, guardian in rows if guardian})
    for order_id, debit, credit, cents, at, _guardian in rows:
        if debit == Account.CREDIT:
            gift = min(cents, given[order_id])
            given[order_id] -= gift
            sold[order_id] -= gift
            cents -= gift
        is_sale = (credit if debit == _OWED else debit) in SOLD
        if is_sale:
            sold[order_id] += cents if debit == _OWED else -cents
        else:
            year = clock.local_date(at, zone).year
            moved[order_id].append((year, cents if credit == _OWED else -cents))
    return sold, {order_id: by_year(rows) for order_id, rows in moved.items()}


def by_year(moved: Iterable[tuple[int, int]]) -> dict[int, int]:
    """What came each year and stayed. What goes back is of what came last: an older year changes only where it must.

    It sums to what stayed in all; to nothing where more went back than ever came.
    """
    came: list[list[int]] = []
    beyond = 0
    for year, cents in moved:
        if cents > 0:
            came.append([year, cents - min(cents, beyond)])
            beyond -= min(cents, beyond)
            continue
        left = -cents
        while left and came:
            back = min(left, came[-1][1])
            came[-1][1] -= back
            left -= back
            if not came[-1][1]:
                came.pop()
        beyond += left
    found: dict[int, int] = {}
    for year, cents in came:
        found[year] = found.get(year, 0) + cents
    return {year: cents for year, cents in found.items() if cents}


def spread(paid: Mapping[int, int], weights: Sequence[int]) -> dict[int, list[int]]:
    """Of each year, what each weight has of it, in proportion to what of the weight is still to be paid.

    What is paid beyond the weights is owed back, and nobody's. A year never changes what an earlier one had.
    """
    left, found = list(weights), {}
    for year in sorted(paid):
        found[year] = shares(min(paid[year], sum(left)), left)
        left = [before - part for before, part in zip(left, found[year], strict=True)]
    return found


def counts(number: int, paid: Mapping[int, int], owed: int) -> dict[int, tuple[int, int]]:
    """Of `number` days, from which to which each year has paid: the first to pay has the first."""
    found, begins, left = {}, 0, owed
    for year in sorted(paid):
        ends = begins + shares(number - begins, [paid[year], max(left - paid[year], 0)])[0]
        found[year] = (begins, ends)
        begins, left = ends, left - paid[year]
    return found
