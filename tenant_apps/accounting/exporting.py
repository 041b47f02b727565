"""The journal of a period, for the organisation's accounting system; and whether what was given still stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet, Sum

from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from shared_apps.audit.models import Entry
from tenant_apps.accounting import layouts, lines
from tenant_apps.accounting.layouts import BY_DAY
from tenant_apps.accounting.lines import Line, Period
from tenant_apps.orders.models import Account, Transfer

EXPORTED = "accounting.exported"


@dataclass(frozen=True, slots=True)
class Given:
    """A file that was made. `more` is how many rows its period has now beyond those that it had."""

    entry: Entry
    from_on: date
    until_on: date
    payee_id: UUID | None
    rows: int
    more: int
    is_same: bool


def codes_of(accounting: Mapping[str, Any]) -> dict[str, str]:
    return {str(account): str(code) for account, code in accounting.get("codes", {}).items() if code}


def journal(period: Period, accounting: Mapping[str, Any]) -> list[Line]:
    """As the organisation's layout has it: each row, or sums by day."""
    found = lines.of_period(period, codes_of(accounting))
    is_summed = layouts.read(accounting.get("layout", {})).detail == BY_DAY
    return lines.by_day(found) if is_summed else list(found)


@operation
def export(*, period: Period, accounting: Mapping[str, Any], actor: Actor, at: datetime) -> bytes:
    """The file. The trail keeps how many rows it was of and what they came to."""
    found = journal(period, accounting)
    details = {
        "from": period.from_on.isoformat(),
        "until": period.until_on.isoformat(),
        "payee": str(period.payee_id) if period.payee_id else "",
        **_counted(period.transfers),
    }
    audit.record(action=EXPORTED, subject="organisation", subject_id=None, actor=actor, at=at, details=details)
    return layouts.written(layouts.read(accounting.get("layout", {})), found)


def accounts_without_code(period: Period, accounting: Mapping[str, Any]) -> list[Account]:
    """Of those that have moved in the period."""
    found = {line.account for line in lines.of_period(period, codes_of(accounting)) if not line.code}
    return [account for account in Account if account in found]


def given(zone: ZoneInfo, *, most: int) -> list[Given]:
    """The latest files, each against what the ledger says of its period now. Two queries."""
    entries = list(Entry.objects.filter(action=EXPORTED).order_by("-at", "-id")[:most])
    periods = [_period(entry.details, zone) for entry in entries]
    now = _counted_all(periods)
    return [
        Given(
            entry=entry,
            from_on=period.from_on,
            until_on=period.until_on,
            payee_id=period.payee_id,
            rows=entry.details["rows"],
            more=count["rows"] - entry.details["rows"],
            is_same=count == {name: entry.details[name] for name in ("rows", "cents")},
        )
        for entry, period, count in zip(entries, periods, now, strict=True)
    ]


def _period(details: Mapping[str, Any], zone: ZoneInfo) -> Period:
    from_on, until_on = date.fromisoformat(details["from"]), date.fromisoformat(details["until"])
    return Period(from_on, until_on, zone, UUID(details["payee"]) if details["payee"] else None)


def _counted(transfers: QuerySet[Transfer]) -> dict[str, int]:
    found = transfers.order_by().aggregate(rows=Count("pk"), cents=Sum("amount_cents"))
    return {"rows": found["rows"], "cents": found["cents"] or 0}


def _counted_all(periods: Sequence[Period]) -> list[dict[str, int]]:
    if not periods:
        return []
    asked: dict[str, Any] = {}
    for number, period in enumerate(periods):
        first, end = period.bounds
        within = Q(at__gte=first, at__lt=end) & (Q(payee_id=period.payee_id) if period.payee_id else Q())
        asked |= {f"rows_{number}": Count("pk", filter=within), f"cents_{number}": Sum("amount_cents", filter=within)}
    found = Transfer.objects.order_by().aggregate(**asked)
    return [{"rows": found[f"rows_{number}"], "cents": found[f"cents_{number}"] or 0} for number in range(len(periods))]
