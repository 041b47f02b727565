"""Offerings, options and lines for prices: in memory only, since prices are made from data alone."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from tenant_apps.catalog.models import Nature, Offering, Option
from tenant_apps.catalog.pricing.circumstances import Circumstances, Household
from tenant_apps.catalog.pricing.lines import Line
from tenant_apps.organisation.prices import FamilyPrice, Named, Prices, Tax

TODAY = date(2026, 9, 16)
CITY = UUID(int=7)

TPS = Tax("tps", "TPS", Decimal(5), frozenset({"goods", "programme"}), number="123 RT")
TVQ = Tax("tvq", "TVQ", Decimal("9.975"), frozenset({"goods", "programme"}), number="456 TQ")
TVA = Tax("tva", "TVA", Decimal(21), frozenset({"goods"}), is_included=True)


def named(name: str) -> UUID:
    return uuid5(CITY, name)


def an_offering(*rules: dict[str, Any], payee: UUID = CITY, season: UUID | None = None, **pricing: Any) -> Offering:
    return Offering(
        title="Camp", nature=Nature.CAMP, payee_id=payee, season_id=season, pricing={"rules": [*rules], **pricing}
    )


def a_line(
    price: int, *rules: dict[str, Any], child: str = "Ada", option: str = "Semaine 1", quantity: int = 1, **more: Any
) -> Line:
    """One line of `price` cents for each, taken today."""
    offering = more.pop("offering", None) or an_offering(*rules, **more.pop("pricing", {}))
    taken_on = more.pop("taken_on", TODAY)
    unit_cents = more.pop("unit_cents", None)
    taken = Option(id=named(option), offering=offering, name=option, price_cents=price, **more)
    return Line(taken, taken_on, named(child), quantity, unit_cents)


def a_household(**children: Circumstances) -> Household:
    return Household({named(name): circumstances for name, circumstances in children.items()})


def tables(*taxes: Tax, discounts: tuple[int, ...] = (0,), cap: int | None = None) -> Prices:
    """With the family scheme « fratrie »."""
    scheme = FamilyPrice("fratrie", "Fratrie", tuple(map(Decimal, discounts)), cap)
    bands = (Named("low", "Revenu modeste"),)
    return Prices(taxes=taxes, families=(scheme,), income_bands=bands, subsidies=(Named("acces", "Accès-Loisirs"),))
