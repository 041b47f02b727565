"""What families may change themselves, until when and for how much: data of the organisation under the offering's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from kernel import clock
from tenant_apps.catalog.models import Offering, Option
from tenant_apps.catalog.pricing.rounding import HUNDRED, half_up
from tenant_apps.changes.models import Kind
from tenant_apps.organisation import queries as organisation


class Decision(StrEnum):
    AUTOMATIC = "automatic"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Fee:
    """`percent` of what was paid, and `cents`, from so many days before the start, that day included; or always."""

    from_days_before: int | None = None
    percent: Decimal = Decimal(0)
    cents: int = 0


@dataclass(frozen=True, slots=True)
class Policy:
    """Of one kind of change. `until_days` before the start, that day included; None is until the last day.

    Of several fees that have begun, the one that began last holds.
    """

    allowed: bool = False
    until_days: int | None = None
    fees: tuple[Fee, ...] = ()
    asks_reason: bool = False
    asks_proof: bool = False
    decision: Decision = Decision.AUTOMATIC

    def last_day(self, option: Option) -> date | None:
        """The last on which a family may ask; None where nothing has a day."""
        first, last = days_of(option)
        if first is None or self.until_days is None:
            return last
        return first - timedelta(days=self.until_days)

    def ends_at(self, option: Option, zone: ZoneInfo) -> datetime | None:
        """The first instant at which it is too late."""
        last = self.last_day(option)
        return clock.end_of_day(last, zone) if last else None

    def fee_cents(self, paid_cents: int, option: Option, *, on: date) -> int:
        """Never more than what was paid."""
        fee = self.fee_on(option, on=on)
        if fee is None:
            return 0
        return min(half_up(paid_cents * fee.percent / HUNDRED) + fee.cents, paid_cents)

    def fee_on(self, option: Option, *, on: date) -> Fee | None:
        first, _last = days_of(option)
        begun = [fee for fee in self.fees if _has_begun(fee, first, on)]
        # What is closest to the start has begun last.
        return min(begun, key=_lead, default=None)


def policy_of(offering: Offering, kind: Kind | str, rules: Mapping[str, Any] | None = None) -> Policy:
    """The offering's own words over the organisation's practice, each for itself. `rules` spares reading them again."""
    practice = organisation.profile().rules if rules is None else rules
    said = practice.get("changes", {}).get(str(kind), {})
    return read({**said, **offering.changes.get(str(kind), {})})


def read(data: Mapping[str, Any]) -> Policy:
    """Raises ValueError, TypeError or ArithmeticError for data that no form of ours would write."""
    defaults = Policy()
    until = data.get("until_days", defaults.until_days)
    return Policy(
        allowed=bool(data.get("allowed", defaults.allowed)),
        until_days=None if until is None else int(until),
        fees=tuple(_fee(each) for each in data.get("fees", ())),
        asks_reason=bool(data.get("asks_reason", defaults.asks_reason)),
        asks_proof=bool(data.get("asks_proof", defaults.asks_proof)),
        decision=Decision(data.get("decision", defaults.decision)),
    )


def write(policy: Policy) -> dict[str, Any]:
    """As `rules["changes"][kind]` and `offering.changes[kind]` keep it."""
    return {
        "allowed": policy.allowed,
        "until_days": policy.until_days,
        "fees": [
            {"from_days_before": fee.from_days_before, "percent": str(fee.percent), "cents": fee.cents}
            for fee in policy.fees
        ],
        "asks_reason": policy.asks_reason,
        "asks_proof": policy.asks_proof,
        "decision": policy.decision.value,
    }


def days_of(option: Option) -> tuple[date | None, date | None]:
    """The first and the last: the option's, or the offering's where the option has none."""
    dated = option if option.starts_on else option.offering
    return dated.starts_on, dated.ends_on or dated.starts_on


def _fee(data: Mapping[str, Any]) -> Fee:
    since = data.get("from_days_before")
    return Fee(
        None if since is None else int(since), Decimal(str(data.get("percent") or 0)), int(data.get("cents") or 0)
    )


def _has_begun(fee: Fee, first: date | None, on: date) -> bool:
    if fee.from_days_before is None:
        return True
    return first is not None and on >= first - timedelta(days=fee.from_days_before)


def _lead(fee: Fee) -> float:
    return float("inf") if fee.from_days_before is None else fee.from_days_before
