"""The rows of the ledger in the order they were entered, each with what every account comes to after it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, F, QuerySet, Sum, Value, When, Window
from django.db.models.functions import Coalesce

from tenant_apps.office.sides import Side
from tenant_apps.orders.models import Account, Transfer

_PREFIX = "running_"


@dataclass(frozen=True, slots=True)
class Row:
    """One transfer; `running` is debits less credits of each account since the first row, and sums to zero."""

    transfer: Transfer
    running: dict[Account, int]

    @property
    def debit(self) -> Side:
        return self._side(self.transfer.debit)

    @property
    def credit(self) -> Side:
        return self._side(self.transfer.credit)

    @property
    def sum(self) -> int:
        return sum(self.running.values())

    def _side(self, account: str) -> Side:
        return Side(Account(account), self.running[Account(account)])


@dataclass(frozen=True, slots=True)
class Total:
    """What an account was debited and credited with, in cents."""

    account: Account
    debits: int
    credits: int

    @property
    def side(self) -> Side:
        return Side(self.account, self.debits - self.credits)


def with_running(transfers: QuerySet[Transfer]) -> QuerySet[Transfer]:
    """Oldest first, counted by the database: a page in the middle knows what came before it."""
    order = [F("at").asc(), F("id").asc()]
    running = {f"{_PREFIX}{account}": Window(Sum(_moved(account)), order_by=order) for account in Account}
    return transfers.annotate(**running).order_by("at", "id")


def rows(transfers: Iterable[Transfer]) -> list[Row]:
    return [
        Row(transfer, {account: getattr(transfer, f"{_PREFIX}{account}") for account in Account})
        for transfer in transfers
    ]


def totals(transfers: QuerySet[Transfer]) -> list[Total]:
    """Of each account, in one query."""
    sums = transfers.order_by().aggregate(
        **{f"{account}_debit": _sum(When(debit=account, then="amount_cents")) for account in Account},
        **{f"{account}_credit": _sum(When(credit=account, then="amount_cents")) for account in Account},
    )
    return [Total(account, sums[f"{account}_debit"], sums[f"{account}_credit"]) for account in Account]


def _moved(account: Account) -> Case:
    return Case(
        When(debit=account, then=F("amount_cents")),
        When(credit=account, then=-F("amount_cents")),
        default=Value(0),
    )


def _sum(when: When) -> Coalesce:
    return Coalesce(Sum(Case(when, default=Value(0))), Value(0))
