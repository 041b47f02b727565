"""The ledger: what was entered, and every balance read from it. Rows are added, never altered."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet, Sum

from tenant_apps.orders.models import Account, Order, Transfer


def enter(
    *,
    debit: Account,
    credit: Account,
    cents: int,
    source: str,
    at: datetime,
    order: Order | None = None,
    of: tuple[UUID, str] | None = None,
    offering_id: UUID | None = None,
    guardian_id: UUID | None = None,
) -> None:
    """Add one row. Nothing is entered for zero cents, nor twice for the same source.

    It is of the order's payee and currency; where it is about no order, of the payee and the currency in `of`.
    Raises ValueError where it is about neither.
    """
    if cents == 0:
        return
    if order is not None:
        of = (order.payee_id, order.currency)
    if of is None:
        raise ValueError("a transfer is about an order, or of a payee")
    payee_id, currency = of
    row = Transfer(
        debit=debit,
        credit=credit,
        amount_cents=cents,
        currency=currency,
        payee_id=payee_id,
        order=order,
        offering_id=offering_id,
        guardian_id=guardian_id,
        source=source,
        at=at,
    )
    Transfer.objects.bulk_create([row], ignore_conflicts=True)


def is_entered(source: str) -> bool:
    return Transfer.objects.filter(source=source).exists()


def totals(payee_id: UUID | None = None) -> dict[Account, int]:
    """Debits less credits by account, in cents. Over all accounts they sum to zero."""
    rows = Transfer.objects.all() if payee_id is None else Transfer.objects.filter(payee_id=payee_id)
    return _balances(rows)


def balance_of_order(order_id: UUID) -> int:
    """Cents that the family still owes for what was sold; below zero, what it is owed."""
    return _balances(Transfer.objects.filter(order_id=order_id))[Account.RECEIVABLE]


def balances_of_orders(order_ids: Collection[UUID]) -> dict[UUID, int]:
    """As `balance_of_order`, of each. One query."""
    balances = dict.fromkeys(order_ids, 0)
    rows = Transfer.objects.filter(order_id__in=order_ids).order_by()
    for order_id, debit, credit, cents in rows.values_list("order_id", "debit", "credit").annotate(
        cents=Sum("amount_cents")
    ):
        balances[order_id] += cents * ((debit == Account.RECEIVABLE) - (credit == Account.RECEIVABLE))
    return balances


# Facing what families owe, these say what was sold; every other account is money.
SOLD = (Account.REVENUE, Account.TAXES)


def sold_of_order(order_id: UUID) -> int:
    """What the family was asked for it, taxes included, less what was taken off since."""
    balances = _balances(Transfer.objects.filter(order_id=order_id))
    return -balances[Account.REVENUE] - balances[Account.TAXES]


def sold_of_offering(order_id: UUID, offering_id: UUID) -> tuple[int, int]:
    """Of one offering in it: what the organisation keeps, and the taxes of it."""
    balances = _balances(Transfer.objects.filter(order_id=order_id, offering_id=offering_id))
    return -balances[Account.REVENUE], -balances[Account.TAXES]


def transfers_of(order_id: UUID) -> list[Transfer]:
    return list(Transfer.objects.filter(order_id=order_id))


def _balances(rows: QuerySet[Transfer]) -> dict[Account, int]:
    balances = dict.fromkeys(Account, 0)
    for debit, credit, cents in rows.order_by().values_list("debit", "credit").annotate(cents=Sum("amount_cents")):
        balances[Account(debit)] += cents
        balances[Account(credit)] -= cents
    return balances
