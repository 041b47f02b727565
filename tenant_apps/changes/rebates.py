"""What each line of an order is sold for, as its rows of the ledger tell one after the other, rebates included.

A rebate of staff is of the whole order: its parts are of what each line was still sold for on that day. What was given
up before bears nothing of it, and what was exchanged for less bears less.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.db.models import Q

from tenant_apps.catalog.pricing.rounding import shares
from tenant_apps.changes.models import ChangeRequest
from tenant_apps.orders.models import Account, OrderLine, Transfer
from tenant_apps.payments.operations.refund_by_hand import REBATE
from tenant_apps.registrations.models import Registration

# What the reason of a refund for a change begins with, and its rows; the cause follows.
CAUSE = "change:"
_SALE = "order_line:"


@dataclass(slots=True)
class Sold:
    """Of one line: what it is sold for now, and what staff took off it."""

    line: OrderLine
    cents: int = 0
    rebated_cents: int = 0


def sold_of(order_ids: Collection[UUID]) -> list[Sold]:
    """The lines of these orders."""
    lines = OrderLine.objects.filter(order__in=order_ids).select_related("registration").order_by("position", "id")
    sold = {line.id: Sold(line) for line in lines}
    of_it = Q(source__startswith=_SALE) | Q(source__startswith=CAUSE) | Q(source__startswith=REBATE)
    rows = list(Transfer.objects.filter(of_it, order__in=order_ids).order_by("at", "id"))
    chains = _chains({_cause(row) for row in rows if row.source.startswith(CAUSE)})
    for (order_id, what, name), entered in groupby(rows, key=_named):
        of_order = [each for each in sold.values() if each.line.order_id == order_id]
        cents = sum(row.amount_cents * (1 if row.debit == Account.RECEIVABLE else -1) for row in entered)
        if what == _SALE:
            sold[UUID(name)].cents += cents
        elif what == CAUSE:
            _give_up((each for each in of_order if each.line.registration_id in chains[UUID(name)]), -cents)
        else:
            _rebate(of_order, -cents)
    return list(sold.values())


def chain(registration_id: UUID) -> list[UUID]:
    """The registration, and those that it stands for: their money is in it."""
    found, before = [], Registration.objects.filter(pk=registration_id)
    while row := before.values_list("id", "replaces_id").first():
        found.append(row[0])
        before = Registration.objects.filter(pk=row[1])
    return found


def _named(row: Transfer) -> tuple[UUID | None, str, str]:
    what, name = row.source.split(":")[:2]
    return row.order_id, f"{what}:", name


def _cause(row: Transfer) -> UUID:
    return UUID(_named(row)[2])


def _chains(causes: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """A change is about its registration; what stands for another one, and cost less, is a cause by itself."""
    asked = dict(ChangeRequest.objects.filter(pk__in=causes).values_list("id", "registration_id")) if causes else {}
    return {cause: chain(asked.get(cause, cause)) for cause in causes}


def _give_up(of_it: Iterable[Sold], cents: int) -> None:
    for each in of_it:
        part = min(each.cents, cents)
        each.cents -= part
        cents -= part


def _rebate(of_order: Collection[Sold], cents: int) -> None:
    weights = [max(each.cents, 0) for each in of_order]
    if not any(weights):
        return
    for each, part in zip(of_order, shares(cents, weights), strict=True):
        each.cents -= part
        each.rebated_cents += part
