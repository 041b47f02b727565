"""The ledger: what was entered, and every balance read from it. Rows are added, never altered."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet, Sum

from tenant_apps.orders.models import Account, Order, Transfer


def enter(
    *,
    debit: Account,
    credit: Account,
    cents: int,
    order: Order,
    source: str,
    at: datetime,
    offering_id: UUID | None = None,
) -> None:
    """Add one row. Nothing is entered for zero cents, nor twice for the same source."""
    if cents == 0:
        return
    row = Transfer(
        debit=debit,
        credit=credit,
        amount_cents=cents,
        currency=order.currency,
        payee_id=order.payee_id,
        order=order,
        offering_id=offering_id,
        source=source,
        at=at,
    )
    Transfer.objects.bulk_create([row], ignore_conflicts=True)


def totals(payee_id: UUID | None = None) -> dict[Account, int]:
    """Debits less credits by account, in cents. Over all accounts they sum to zero."""
    rows = Transfer.objects.all() if payee_id is None else Transfer.objects.filter(payee_id=payee_id)
    return _balances(rows)


def balance_of_order(order_id: UUID) -> int:
    """Cents that the family still owes for what was sold; below zero, what it is owed."""
    return _balances(Transfer.objects.filter(order_id=order_id))[Account.RECEIVABLE]


def transfers_of(order_id: UUID) -> list[Transfer]:
    return list(Transfer.objects.filter(order_id=order_id))


def _balances(rows: QuerySet[Transfer]) -> dict[Account, int]:
    balances = dict.fromkeys(Account, 0)
    for debit, credit, cents in rows.order_by().values_list("debit", "credit").annotate(cents=Sum("amount_cents")):
        balances[Account(debit)] += cents
        balances[Account(credit)] -= cents
    return balances
