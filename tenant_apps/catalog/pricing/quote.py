"""A price as its steps: what parent and clerk ask « why this price? » of, and what is charged."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

# The steps that are taxes; all the others make the price before them.
TAX = "tax"
# Of a line that stands for another one, which was paid (registrations.replacing): what that one counts for, and what
# changing costs. Neither is part of what the line is worth.
REPLACED = "replaced"
CHANGE_FEE = "change_fee"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a price: `kind` is that of the rule, `values` what its words are made of, `cents` what it adds."""

    kind: str
    cents: int
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Quote:
    """`steps` begin with the base price; the taxes that are added come last, and those included add nothing.

    `taxes_cents`: by tax code, included ones too. `family`: of a line in a family scheme, what the prices of the
    household's next lines are made from (catalog.pricing.family).
    """

    steps: Sequence[Step] = ()
    taxes_cents: Mapping[str, int] = field(default_factory=dict)
    family: Mapping[str, Any] = field(default_factory=dict)

    @property
    def amount_cents(self) -> int:
        """What the family owes, taxes included."""
        return sum(step.cents for step in self.steps)

    @property
    def price_cents(self) -> int:
        """Before the taxes that are added."""
        return sum(step.cents for step in self.steps if step.kind != TAX)

    @property
    def worth(self) -> "Quote":
        """Without what it stands for, nor what changing cost: what is given back where it is cancelled."""
        steps = [step for step in self.steps if step.kind not in (REPLACED, CHANGE_FEE)]
        return self if len(steps) == len(self.steps) else replace(self, steps=steps)

    @property
    def sold_taxes_cents(self) -> dict[str, int]:
        """By tax code, what is sold with this line; what it stands for has sold its own."""
        found = Counter(self.taxes_cents)
        for step in self.steps:
            if step.kind == REPLACED:
                found.subtract(step.values["taxes"])
        return {code: cents for code, cents in found.items() if cents}

    def undone(self) -> "Quote":
        """What makes nothing of it, below zero."""
        added = [step for step in self.steps if step.kind == TAX and step.cents]
        taxes = [Step(TAX, -step.cents, {"code": step.values.get("code", "")}) for step in added]
        price = Step("reversal", -self.worth.price_cents)
        return Quote([price, *taxes], {code: -cents for code, cents in self.taxes_cents.items()})


def write(quote: Quote) -> dict[str, Any]:
    """As `Registration.quote` keeps it."""
    steps = [{"kind": step.kind, "cents": step.cents, "values": dict(step.values)} for step in quote.steps]
    return {
        "steps": steps,
        "taxes": dict(quote.taxes_cents),
        **({"family": dict(quote.family)} if quote.family else {}),
    }


def read(kept: Mapping[str, Any]) -> Quote:
    """What `write` kept; an empty quote for what was priced before there were any."""
    steps = [Step(each["kind"], each["cents"], each.get("values", {})) for each in kept.get("steps", [])]
    return Quote(steps, kept.get("taxes", {}), kept.get("family", {}))
