"""A plan in words: what it costs, what it includes, and what would change."""

from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_decimal
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from billing import limits as plan_limits
from billing import plans
from billing.models import Plan
from billing.overview import Overview

_WHAT: dict[str, Promise] = {
    "staff": _("Personnel"),
    "establishments": _("Établissements"),
    "own_domains": _("Domaines à vous"),
}


@dataclass(frozen=True, slots=True)
class Price:
    """In cents. `fee`: per cent of each payment of a family, as « 0,8 »; empty where the platform keeps nothing."""

    month: int
    participant: int
    included: int
    currency: str
    fee: str


@dataclass(frozen=True, slots=True)
class Offer:
    plan: Plan
    name: str
    summary: str
    price: Price
    limits: list[str]
    is_own: bool


def price(plan: Plan, currency: str) -> Price:
    amounts = plans.price_of(plan, currency)
    return Price(
        month=amounts["month"],
        participant=amounts["participant"],
        included=plan.participants,
        currency=currency,
        fee=_percent(plan.fee_basis_points) if plan.fee_basis_points else "",
    )


def offer(plan: Plan, shown: Overview) -> Offer:
    return Offer(
        plan=plan,
        name=plans.name_of(plan),
        summary=plans.summary_of(plan),
        price=price(plan, shown.subscription.currency),
        limits=plan_limits.words_of(plan),
        is_own=plan.code == shown.plan.code,
    )


def limits(used: list[tuple[str, int, int | None]]) -> list[tuple[Promise, int, int | None]]:
    return [(_WHAT[what], count, limit) for what, count, limit in used]


def _percent(basis_points: int) -> str:
    written: str = format_decimal(Decimal(basis_points) / 100, locale=(get_language() or "fr")[:2])
    return written
