"""The ledger as lines of a journal: two for each transfer, each with its account's code, its segment and its fund."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from kernel import clock
from tenant_apps.orders.models import Account, Transfer

# How the source of a transfer names the tax that it is: « order_line:…:tax:tps », « change:…:tax-tps ».
_TAX = re.compile(r".*:tax[:-](.+)")


@dataclass(frozen=True, slots=True)
class Line:
    """One side of a transfer: `debit` or `credit` is zero. `number` is the same for both, counted in the period."""

    on: date
    number: int
    account: Account
    code: str
    segment: str
    fund: str
    payee: str
    offering: str
    order: str
    label: str
    debit: int
    credit: int
    currency: str
    reference: str


@dataclass(frozen=True, slots=True)
class Period:
    """Days of the organisation's zone, both included; of one payee, or of all."""

    from_on: date
    until_on: date
    zone: ZoneInfo
    payee_id: UUID | None = None

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """From the first instant, and to the one that is no more in it."""
        return clock.start_of_day(self.from_on, self.zone), clock.end_of_day(self.until_on, self.zone)

    @property
    def transfers(self) -> QuerySet[Transfer]:
        first, end = self.bounds
        found = Transfer.objects.filter(at__gte=first, at__lt=end)
        return found.filter(payee_id=self.payee_id) if self.payee_id else found


def of_period(period: Period, codes: Mapping[str, str]) -> Iterator[Line]:
    """In the order of the ledger; the sum of debits is that of credits. `codes`: the organisation's, by account."""
    found = period.transfers.select_related("order", "payee", "offering").order_by("at", "id")
    for number, transfer in enumerate(found.iterator(chunk_size=2000), start=1):
        debit, credit = Account(transfer.debit), Account(transfer.credit)
        yield _line(transfer, debit, number, period.zone, codes, debit=transfer.amount_cents)
        yield _line(transfer, credit, number, period.zone, codes, credit=transfer.amount_cents)


def by_day(lines: Iterable[Line]) -> list[Line]:
    """One line for each day, payee, account, code, segment, fund, currency and side; debits and credits not set off."""
    sums: dict[tuple[Any, ...], Line] = {}
    for line in lines:
        key = (line.on, line.payee, line.currency, line.code, line.account, line.segment, line.fund, bool(line.credit))
        known = sums.get(key)
        if known is None:
            sums[key] = replace(line, number=0, offering="", order="", reference="", label=str(line.account.label))
        else:
            sums[key] = replace(known, debit=known.debit + line.debit, credit=known.credit + line.credit)
    numbers: dict[tuple[Any, ...], int] = {}
    found = [sums[key] for key in sorted(sums)]
    return [replace(line, number=_numbered(numbers, line)) for line in found]


def code_of(account: Account, transfer: Transfer, codes: Mapping[str, str]) -> str:
    """The offering's own for what it sold; else its payee's, else the organisation's; empty where none says any."""
    own = transfer.offering.accounting.get("code") if transfer.offering else ""
    if account == Account.REVENUE and own:
        return str(own)
    said: Mapping[str, str] = {**codes, **{key: code for key, code in _codes_of(transfer).items() if code}}
    tax = _TAX.fullmatch(transfer.source) if account == Account.TAXES else None
    return said.get(f"tax:{tax[1]}", "") or said.get(account, "") if tax else said.get(account, "")


def _codes_of(transfer: Transfer) -> Mapping[str, str]:
    found: Mapping[str, str] = transfer.payee.accounting.get("codes", {})
    return found


def _line(
    transfer: Transfer,
    account: Account,
    number: int,
    zone: ZoneInfo,
    codes: Mapping[str, str],
    *,
    debit: int = 0,
    credit: int = 0,
) -> Line:
    offering, order = transfer.offering, transfer.order
    what = offering.title if offering else str(Account(transfer.credit if debit else transfer.debit).label)
    return Line(
        on=clock.local_date(transfer.at, zone),
        number=number,
        account=account,
        code=code_of(account, transfer, codes),
        segment=str(transfer.payee.accounting.get("segment", "")),
        fund=str(offering.accounting.get("fund", "")) if offering else "",
        payee=transfer.payee.name,
        offering=offering.title if offering else "",
        order=order.reference if order else "",
        label=f"{order.reference} – {what}" if order else what,
        debit=debit,
        credit=credit,
        currency=transfer.currency,
        reference=transfer.source,
    )


def _numbered(numbers: dict[tuple[Any, ...], int], line: Line) -> int:
    """One piece for each day, payee and currency."""
    return numbers.setdefault((line.on, line.payee, line.currency), len(numbers) + 1)
