"""A plan in words: what it costs, what it includes, and what would change."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing import limits as plan_limits
from billing import plans
from billing.models import Plan
from billing.overview import Overview
from billing.pricing import Price, price

_WHAT: dict[str, Promise] = {
    "staff": _("Personnel"),
    "establishments": _("Établissements"),
    "own_domains": _("Domaines à vous"),
}


@dataclass(frozen=True, slots=True)
class Offer:
    plan: Plan
    name: str
    summary: str
    price: Price
    limits: list[str]
    is_own: bool


def offer(plan: Plan, shown: Overview) -> Offer:
    """Its own plan is shown on its own terms."""
    is_own = plan.code == shown.plan.code
    return Offer(
        plan=plan,
        name=plans.name_of(plan),
        summary=plans.summary_of(plan),
        price=price(plan, shown.subscription.currency, terms=shown.terms if is_own else None),
        limits=plan_limits.words_of(plan),
        is_own=is_own,
    )


def limits(used: list[tuple[str, int, int | None]]) -> list[tuple[Promise, int, int | None]]:
    return [(_WHAT[what], count, limit) for what, count, limit in used]
