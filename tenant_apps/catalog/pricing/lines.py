"""One line on its way to its price: the option's price, then the offering's rules one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tenant_apps.catalog.models import Option
from tenant_apps.catalog.pricing import taxes
from tenant_apps.catalog.pricing.circumstances import Circumstances, Household
from tenant_apps.catalog.pricing.kind import PRICE_KINDS, Situation
from tenant_apps.catalog.pricing.quote import Quote, Step
from tenant_apps.organisation.prices import FamilyPrice, Prices, Tax

# Who stands for nobody in particular: the price that anybody sees.
NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Line:
    """So many of an option. `unit_cents`: what a voluntary contributor says. `taken_on`: the day of the hold."""

    option: Option
    taken_on: date
    participant_id: UUID = NOBODY
    quantity: int = 1
    unit_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Priced:
    """A line before the family scheme that it belongs to, if any, and the taxes that it bears."""

    line: Line
    steps: Sequence[Step]
    borne: Sequence[Tax] = ()
    scheme: FamilyPrice | None = None

    @property
    def subtotal(self) -> int:
        return sum(step.cents for step in self.steps)

    @property
    def rates(self) -> taxes.Rates:
        return taxes.rates_of(self.borne)


def priced(line: Line, *, tables: Prices, household: Household, on: date, promotion: str) -> Priced:
    if line.option.is_voluntary:
        return Priced(line, [Step("voluntary", (line.unit_cents or 0) * line.quantity)])
    circumstances = household.of(line.participant_id)
    pricing = line.option.offering.pricing
    return Priced(
        line,
        _steps(line, circumstances, tables=tables, on=on, promotion=promotion),
        taxes.borne_by(line.option, circumstances, tables.taxes, taken_on=line.taken_on),
        tables.family(pricing.get("family", "")),
    )


def alone(own: Priced) -> Quote:
    """The quote of a line that no other line has a say in."""
    cents = taxes.cents_of(own.subtotal, own.rates)
    return Quote([*own.steps, *taxes.steps_of(own.borne, cents)], {code: each for code, each in cents.items() if each})


def _steps(line: Line, circumstances: Circumstances, *, tables: Prices, on: date, promotion: str) -> list[Step]:
    unit = line.option.price_cents
    steps = [Step("base", unit * line.quantity, {"unit": unit, "quantity": line.quantity})]
    for rule in line.option.offering.pricing.get("rules", []):
        so_far = sum(step.cents for step in steps)
        situation = Situation(so_far, line.quantity, circumstances, line.taken_on, on, promotion, tables)
        step = PRICE_KINDS[rule["kind"]].apply(rule, situation)
        if step is not None and step.cents:
            steps.append(step)
    return steps
