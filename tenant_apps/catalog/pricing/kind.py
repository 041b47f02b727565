"""What a kind of price rule is: data kept with the offering, a small form, an explanation, and a step of the price."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.utils.functional import Promise

from kernel.registry import Registry
from tenant_apps.catalog.pricing.circumstances import Circumstances
from tenant_apps.catalog.pricing.forms import PriceForm
from tenant_apps.catalog.pricing.quote import Step
from tenant_apps.catalog.pricing.rounding import HUNDRED, half_up
from tenant_apps.organisation.prices import Prices

# As it is kept: {"kind": key, ...}. `percent` or `cents` say what it adds: below zero it is a discount, and the cents
# are those of one, counted as many times as the quantity.
PriceRule = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Situation:
    """A line on its way to its price: `cents` is what it has come to so far.

    Days are the organisation's own: `taken_on` of the hold, `on` of the pricing. `promotion` is folded.
    """

    cents: int
    quantity: int
    circumstances: Circumstances
    taken_on: date
    on: date
    promotion: str
    tables: Prices


class PriceKind(ABC):
    """One kind of price rule, registered under its `key` in PRICE_KINDS. Families are told of it if `is_told`."""

    key: ClassVar[str]
    title: ClassVar[str | Promise]
    form: ClassVar[type[PriceForm]] = PriceForm
    is_told: ClassVar[bool] = True

    @abstractmethod
    def explain(self, rule: PriceRule, tables: Prices | None = None) -> str:
        """The rule in one plain sentence, for families and staff alike. `tables` spares reading them again."""

    @abstractmethod
    def apply(self, rule: PriceRule, situation: Situation) -> Step | None:
        """The step that the rule makes; None where it is not for this line."""

    def label(self, values: Mapping[str, Any]) -> str:
        """The step in a few words, for the reader of « why this price? »."""
        return str(self.title)


PRICE_KINDS: Registry[PriceKind] = Registry("kind of price rule")


def change(rule: PriceRule, situation: Situation) -> int:
    """The cents that `percent` or `cents` add; a price never goes below zero."""
    if "percent" in rule:
        percent = HUNDRED + Decimal(str(rule["percent"]))
        return max(half_up(situation.cents * percent / HUNDRED), 0) - situation.cents
    return max(int(rule.get("cents", 0)) * situation.quantity, -situation.cents)


def size(rule: PriceRule) -> dict[str, Any]:
    """What a step keeps of how much its rule changes."""
    return {name: rule[name] for name in ("percent", "cents") if name in rule}
