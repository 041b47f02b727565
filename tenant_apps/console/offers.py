"""The plans as visitors read them: in their language, with the price in each currency."""

from dataclasses import dataclass

from billing import plans
from billing.models import Plan


@dataclass(frozen=True, slots=True)
class Price:
    """In cents: by the month, and for each participant beyond those included."""

    currency: str
    month: int
    participant: int


@dataclass(frozen=True, slots=True)
class Offer:
    code: str
    name: str
    summary: str
    prices: list[Price]
    participants: int
    fee_basis_points: int
    trial_days: int
    staff: int | None
    establishments: int | None
    own_domains: int | None

    @property
    def fee_percent(self) -> float:
        """Of a payment."""
        return self.fee_basis_points / 100


def offered(currency: str = "") -> list[Offer]:
    """In their order, with the price in one currency or in all."""
    return [_offer(plan, currency) for plan in plans.offered()]


def _offer(plan: Plan, currency: str) -> Offer:
    prices = [
        Price(code.upper(), price["month"], price.get("participant", 0))
        for code, price in plan.prices.items()
        if currency in ("", code)
    ]
    return Offer(
        code=plan.code,
        name=plans.name_of(plan),
        summary=plans.summary_of(plan),
        prices=prices,
        participants=plan.participants,
        fee_basis_points=plan.fee_basis_points,
        trial_days=plan.trial_days,
        staff=plan.limits.get("staff"),
        establishments=plan.limits.get("establishments"),
        own_domains=plan.limits.get("own_domains"),
    )
