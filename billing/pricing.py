"""What a plan costs, as it is shown."""

from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_decimal
from django.utils.translation import get_language

from billing import plans
from billing.models import Plan


@dataclass(frozen=True, slots=True)
class Price:
    """In cents. `fee`: per cent of each payment of a family, as « 0,8 »; empty where the platform keeps nothing."""

    month: int
    participant: int
    included: int
    currency: str
    fee: str


def price(plan: Plan, currency: str, *, terms: dict[str, int] | None = None) -> Price:
    """As it is sold now, or on the terms on which it was."""
    return Price(
        **(terms or plans.terms_of(plan, currency)),
        currency=currency,
        fee=_percent(plan.fee_basis_points) if plan.fee_basis_points else "",
    )


def _percent(basis_points: int) -> str:
    written: str = format_decimal(Decimal(basis_points) / 100, locale=(get_language() or "fr")[:2])
    return written
