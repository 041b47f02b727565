"""How an organisation is paid: by instalments or later, at the counter, by transfer; and when a card fails."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from kernel.words import Words

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Share:
    """A part in per cent, due on a day, or so many months after the registration; at once where it says neither."""

    percent: Decimal
    months: int = 0
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Instalments that a family may choose (S2-15 to S2-22).

    `natures`: the offerings that may be paid so, where they do not say it themselves.
    `minimum_cents` is asked of the part that may be paid so, or with `minimum_of` « basket » of all that is bought.
    """

    key: str
    label: Words
    shares: tuple[Share, ...]
    natures: frozenset[str] = frozenset()
    minimum_cents: int = 0
    minimum_of: str = "part"


@dataclass(frozen=True, slots=True)
class Paying:
    """`later`: who may leave an order to be paid later, « nobody », « staff » or « families »; within `later_days`.

    `counter`: what staff may receive (payments.Means); empty where the rule is that all is paid online (S3-23).
    `cash_step_cents`: the coin to which cash is rounded (R-50, R-51).
    `page`: « hosted », or « embedded » in a page of ours. `methods`: what may be used there, as the processor names it.
    `takes_transfers`: whether families may pay by a transfer with a structured communication (S4-45).
    `is_separate`: payees are paid each by a check-out of its own (S3-19); else by one consent for all (O-02).
    `retry_days`: how long after each refusal of a kept card it is asked again; then the family has `grace_days` to pay.
    `warn_days`: how long before a card is charged the family is told.
    `refunds_by`: how what the counter took is given back, « cheque », « credit », « transfer » or « cash ».
    """

    plans: tuple[Plan, ...] = ()
    later: str = "staff"
    later_days: int = 30
    counter: tuple[str, ...] = ("cash", "cheque", "terminal", "transfer")
    cash_step_cents: int = 5
    page: str = "hosted"
    methods: tuple[str, ...] = ("card",)
    takes_transfers: bool = False
    is_separate: bool = False
    retry_days: tuple[int, ...] = (3, 5)
    grace_days: int = 14
    warn_days: int = 7
    refunds_by: str = "cheque"

    def plan(self, key: str) -> Plan | None:
        return next((plan for plan in self.plans if plan.key == key), None)


def read(data: Mapping[str, Any]) -> Paying:
    """Raises ValueError, TypeError, KeyError or ArithmeticError for data that no preset would hold."""
    rules = Paying()
    return Paying(
        plans=tuple(_plan(each) for each in data.get("plans", [])),
        later=str(data.get("later", rules.later)),
        later_days=int(data.get("later_days", rules.later_days)),
        counter=tuple(data.get("counter", rules.counter)),
        cash_step_cents=max(1, int(data.get("cash_step_cents", rules.cash_step_cents))),
        page=str(data.get("page", rules.page)),
        methods=tuple(data.get("methods", rules.methods)),
        takes_transfers=bool(data.get("takes_transfers", rules.takes_transfers)),
        is_separate=bool(data.get("is_separate", rules.is_separate)),
        retry_days=tuple(int(days) for days in data.get("retry_days", rules.retry_days)),
        grace_days=int(data.get("grace_days", rules.grace_days)),
        warn_days=int(data.get("warn_days", rules.warn_days)),
        refunds_by=str(data.get("refunds_by", rules.refunds_by)),
    )


def _plan(data: Mapping[str, Any]) -> Plan:
    shares = tuple(_share(each) for each in data["shares"])
    if sum(share.percent for share in shares) != HUNDRED:
        raise ValueError("the shares of a plan make 100 %")
    return Plan(
        key=data["key"],
        label=data["label"],
        shares=shares,
        natures=frozenset(data.get("natures", [])),
        minimum_cents=int(data.get("minimum_cents", 0)),
        minimum_of=str(data.get("minimum_of", "part")),
    )


def _share(data: Mapping[str, Any]) -> Share:
    on = data.get("on")
    day = date.fromisoformat(on) if isinstance(on, str) and on else on or None
    return Share(percent=Decimal(str(data["percent"])), months=int(data.get("months", 0)), on=day)
