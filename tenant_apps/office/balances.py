"""The balances of every payee, read from the ledger in one query."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Sum

from tenant_apps.office.sides import Side
from tenant_apps.orders.models import Account, Transfer
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.models import Payee


@dataclass(frozen=True, slots=True)
class Balance:
    """Debits less credits by account, in cents. `sum` is zero or the ledger is broken."""

    payee: Payee
    by_account: dict[Account, int]

    def columns(self, accounts: Iterable[Account]) -> list[Side]:
        return [Side(account, self.by_account[account]) for account in accounts]

    @property
    def sum(self) -> int:
        return sum(self.by_account.values())


def used(balances: Iterable[Balance]) -> list[Account]:
    """The accounts that are not even for some payee, in their order: the others would only make a table wider."""
    moved = {account for balance in balances for account, cents in balance.by_account.items() if cents}
    return [account for account in Account if account in moved]


def of_payees() -> list[Balance]:
    cents: defaultdict[UUID, dict[Account, int]] = defaultdict(lambda: dict.fromkeys(Account, 0))
    moves = Transfer.objects.order_by().values_list("payee_id", "debit", "credit").annotate(sum=Sum(F("amount_cents")))
    for payee_id, debit, credit, amount in moves:
        cents[payee_id][Account(debit)] += amount
        cents[payee_id][Account(credit)] -= amount
    return [Balance(payee, cents[payee.pk]) for payee in organisation.payees()]
