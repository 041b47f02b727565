"""The drawer of a payee: the cash and the cheques that wait to be deposited, and the deposits that were made."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from django.db.models import QuerySet

from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account, Transfer
from tenant_apps.payments.models import Means, Payment, Status

DIFFERENCE = "difference"
_SOURCE = "deposit:"


@dataclass(frozen=True, slots=True)
class Day:
    """What came in on one day."""

    on: date
    cash_cents: int
    cheques_cents: int


@dataclass(frozen=True, slots=True)
class Drawer:
    """`cash_cents` is what the ledger says is there in cash; `cash` and `cheques` the payments that wait."""

    cash_cents: int
    cash: list[Payment]
    cheques: list[Payment]

    @property
    def cheques_cents(self) -> int:
        return sum(each.amount_cents for each in self.cheques)

    @property
    def is_empty(self) -> bool:
        return not (self.cash_cents or self.cash or self.cheques)

    @property
    def days(self) -> list[Day]:
        every = sorted([*self.cash, *self.cheques], key=_received)
        return [_day(on, list(payments)) for on, payments in groupby(every, key=_received)]

    @property
    def apart_cents(self) -> int:
        """Of the cash, what no payment that waits explains: refunds that were made from the drawer."""
        return self.cash_cents - sum(_in_coins(each) for each in self.cash)


@dataclass(slots=True)
class Deposit:
    """One slip: `cents` by kind, and the difference that was found when the cash was counted."""

    payee_id: UUID
    number: int
    at: datetime
    cents: dict[str, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Its number, as every page and paper writes it."""
        return f"{self.number:05}"

    @property
    def cash_cents(self) -> int:
        return self.cents.get(Means.CASH, 0)

    @property
    def cheques_cents(self) -> int:
        return self.cents.get(Means.CHEQUE, 0)

    @property
    def difference_cents(self) -> int:
        return self.cents.get(DIFFERENCE, 0)

    @property
    def total_cents(self) -> int:
        return self.cash_cents + self.cheques_cents


def waiting(payee_id: UUID) -> QuerySet[Payment]:
    """Cash and cheques that came and are on no slip yet, the oldest first."""
    return (
        Payment.objects.filter(
            order__payee_id=payee_id, means__in=(Means.CASH, Means.CHEQUE), status=Status.SUCCEEDED, deposit=None
        )
        .select_related("order__guardian")
        .order_by("received_on", "started_at", "id")
    )


def of_payee(payee_id: UUID) -> Drawer:
    payments = list(waiting(payee_id))
    cheques = [each for each in payments if each.means == Means.CHEQUE]
    in_ledger = ledger.totals(payee_id)[Account.CASH]
    return Drawer(
        cash_cents=in_ledger - sum(each.amount_cents for each in cheques),
        cash=[each for each in payments if each.means == Means.CASH],
        cheques=cheques,
    )


def deposits(payee_ids: Iterable[UUID]) -> list[Deposit]:
    """Those of these payees, the latest first. One query."""
    rows = Transfer.objects.filter(payee_id__in=list(payee_ids), source__startswith=_SOURCE).order_by("at", "id")
    found: dict[tuple[UUID, int], Deposit] = {}
    for row in rows:
        _prefix, _payee, number, kind = row.source.split(":")
        key = (row.payee_id, int(number))
        slip = found.setdefault(key, Deposit(row.payee_id, int(number), row.at))
        is_missing = kind == DIFFERENCE and row.credit == Account.CASH
        slip.cents[kind] = -row.amount_cents if is_missing else row.amount_cents
    return sorted(found.values(), key=lambda slip: (slip.at, slip.number), reverse=True)


def cheques_of(payee_id: UUID, number: int) -> list[Payment]:
    """Those of a slip, in the order in which they came."""
    on_slip = Payment.objects.filter(order__payee_id=payee_id, deposit=number, means=Means.CHEQUE)
    return list(on_slip.select_related("order__guardian").order_by("received_on", "started_at", "id"))


def source(payee_id: UUID, number: int, kind: str) -> str:
    return f"{_SOURCE}{payee_id}:{number}:{kind}"


def _in_coins(payment: Payment) -> int:
    return payment.amount_cents + payment.rounding_cents


def _received(payment: Payment) -> date:
    return payment.received_on or payment.started_at.date()


def _day(on: date, payments: list[Payment]) -> Day:
    return Day(
        on=on,
        cash_cents=sum(_in_coins(each) for each in payments if each.means == Means.CASH),
        cheques_cents=sum(each.amount_cents for each in payments if each.means == Means.CHEQUE),
    )
