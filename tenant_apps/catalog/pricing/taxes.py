"""Which taxes a line bears, and how much they are."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tenant_apps.catalog.models import Offering, Option
from tenant_apps.catalog.pricing.circumstances import Circumstances
from tenant_apps.catalog.pricing.quote import TAX, Step
from tenant_apps.catalog.pricing.rounding import HUNDRED, half_up
from tenant_apps.catalog.pricing.wording import plain
from tenant_apps.catalog.rules.age import years
from tenant_apps.organisation.prices import Tax

# The tax class of a recreational or athletic programme of a public sector body: not taxed when it is for children of
# 14 and under who do not stay overnight, nor for whom a support need was granted.
PROGRAMME = "programme"
EXEMPT_UNTIL_AGE = 14


@dataclass(frozen=True, slots=True, order=True)
class Rate:
    """A tax as it stood when the line was priced."""

    code: str
    percent: Decimal
    is_included: bool = False


# All that one line bears, in the order of the organisation's table.
Rates = tuple[Rate, ...]


def borne_by(option: Option, circumstances: Circumstances, taxes: Iterable[Tax], *, taken_on: date) -> list[Tax]:
    """As they are on the day of the activity; of the purchase, where the activity has no day."""
    offering = option.offering
    tax_class = offering.pricing.get("tax", "")
    day = option.starts_on or offering.starts_on or taken_on
    if not tax_class or (tax_class == PROGRAMME and _is_exempt(offering, circumstances, day)):
        return []
    return [tax for tax in taxes if tax_class in tax.classes and _is_in_force(tax, day)]


def added_to(offering: Offering, taxes: Iterable[Tax], *, today: date) -> list[Tax]:
    """What comes on top of the price that nobody in particular is shown."""
    tax_class, day = offering.pricing.get("tax", ""), offering.starts_on or today
    return [tax for tax in taxes if tax_class in tax.classes and not tax.is_included and _is_in_force(tax, day)]


def rates_of(taxes: Iterable[Tax]) -> Rates:
    return tuple(Rate(tax.code, tax.rate, tax.is_included) for tax in taxes)


def cents_of(price: int, rates: Rates) -> dict[str, int]:
    """By code, each rounded half up; those included are inside the price, and the others are on what is left of it."""
    included = sum((rate.percent for rate in rates if rate.is_included), Decimal(0))
    bare = price * HUNDRED / (HUNDRED + included)
    cents: Counter[str] = Counter()
    for rate in rates:
        cents[rate.code] += half_up(bare * rate.percent / HUNDRED)
    return dict(cents)


def steps_of(taxes: Iterable[Tax], cents: Mapping[str, int]) -> list[Step]:
    return [_step(tax, cents[tax.code]) for tax in taxes if cents.get(tax.code)]


def as_kept(rates: Rates) -> list[list[Any]]:
    return [[rate.code, str(rate.percent), rate.is_included] for rate in rates]


def as_read(kept: Iterable[Iterable[Any]]) -> Rates:
    return tuple(Rate(code, Decimal(percent), is_included) for code, percent, is_included in kept)


def _step(tax: Tax, cents: int) -> Step:
    values = {"code": tax.code, "label": plain(tax.label), "rate": str(tax.rate), "number": tax.number}
    if tax.is_included:
        return Step(TAX, 0, {**values, "included_cents": cents})
    return Step(TAX, cents, values)


def _is_in_force(tax: Tax, day: date) -> bool:
    return (tax.from_on is None or tax.from_on <= day) and (tax.until_on is None or day <= tax.until_on)


def _is_exempt(offering: Offering, circumstances: Circumstances, day: date) -> bool:
    if circumstances.has_support:
        return True
    born = circumstances.birth_date
    if born is None or offering.pricing.get("overnight"):
        return False
    return years(born, day) <= EXEMPT_UNTIL_AGE
