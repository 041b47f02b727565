"""The organisation's own price tables: taxes, residence, family discounts, income bands and subsidies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from kernel.words import Words


@dataclass(frozen=True, slots=True)
class Tax:
    """`rate` in per cent; `classes`: the tax classes of offerings that bear it; in force from `from_on` to `until_on`.

    `is_included`: prices are shown with it, as in Belgium; else it is added, as in Canada.
    """

    code: str
    label: Words
    rate: Decimal
    classes: frozenset[str]
    from_on: date | None = None
    until_on: date | None = None
    is_included: bool = False
    number: str = ""


@dataclass(frozen=True, slots=True)
class FamilyPrice:
    """`discounts` in per cent of the first, second, third… child, the last one for all beyond; never less than the one
    before. `cap_cents`: the most that a family pays for all its children; None for no limit.
    """

    key: str
    label: Words
    discounts: tuple[Decimal, ...] = (Decimal(0),)
    cap_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """An income band or a subsidy: what it is called; what it is worth is said by each offering's prices."""

    key: str
    label: Words


@dataclass(frozen=True, slots=True)
class Residence:
    """Who is a resident (S4-21): by the postal code of the family's address; `G1R*` is all that begin so.

    `asks_proof`: only who showed a proof, valid `proof_months`, is one.
    """

    postal_codes: tuple[str, ...] = ()
    asks_proof: bool = False
    proof_months: int = 12


@dataclass(frozen=True, slots=True)
class Prices:
    taxes: tuple[Tax, ...] = ()
    families: tuple[FamilyPrice, ...] = ()
    income_bands: tuple[Named, ...] = ()
    subsidies: tuple[Named, ...] = ()
    residence: Residence = Residence()

    def family(self, key: str) -> FamilyPrice | None:
        return next((each for each in self.families if each.key == key), None)


def read(data: Mapping[str, Any]) -> Prices:
    """Raises ValueError, TypeError, KeyError or ArithmeticError for data that no preset would hold."""
    residence = data.get("residence", {})
    return Prices(
        taxes=tuple(_tax(each) for each in data.get("taxes", [])),
        families=tuple(_family(each) for each in data.get("families", [])),
        income_bands=_named(data.get("income_bands", [])),
        subsidies=_named(data.get("subsidies", [])),
        residence=Residence(
            postal_codes=tuple(str(code) for code in residence.get("postal_codes", [])),
            asks_proof=bool(residence.get("asks_proof", False)),
            proof_months=int(residence.get("proof_months", 12)),
        ),
    )


def _tax(data: Mapping[str, Any]) -> Tax:
    return Tax(
        code=data["code"],
        label=data["label"],
        rate=Decimal(str(data["rate"])),
        classes=frozenset(data["classes"]),
        from_on=_day(data.get("from_on")),
        until_on=_day(data.get("until_on")),
        is_included=bool(data.get("is_included", False)),
        number=str(data.get("number", "")),
    )


def _family(data: Mapping[str, Any]) -> FamilyPrice:
    discounts = tuple(Decimal(str(each)) for each in data.get("discounts", [0]))
    if any(not 0 <= each <= 100 for each in discounts) or list(discounts) != sorted(discounts):
        raise ValueError("a family discount is between 0 and 100 %, and never less than the one before")
    return FamilyPrice(data["key"], data["label"], discounts or (Decimal(0),), data.get("cap_cents"))


def _named(data: Sequence[Mapping[str, Any]]) -> tuple[Named, ...]:
    return tuple(Named(each["key"], each["label"]) for each in data)


def _day(value: str | date | None) -> date | None:
    if isinstance(value, str):
        return date.fromisoformat(value) if value else None
    return value
