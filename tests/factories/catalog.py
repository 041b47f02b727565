"""Offerings and options, open to everybody unless a test says otherwise."""

from datetime import date
from itertools import count
from typing import Any

from shared_apps.audit.actors import SYSTEM
from tenant_apps.catalog.models import Checkout, Nature, Offering, Option, Selection, Status
from tenant_apps.organisation.models import Establishment, Level
from tenant_apps.registrations import operations as registrations
from tests.factories.moments import NOON
from tests.factories.organisation import a_payee

_number = count(1)


def an_offering(
    title: str = "",
    *,
    levels: list[Level] | None = None,
    establishments: list[Establishment] | None = None,
    **columns: Any,
) -> Offering:
    """A published outing; any column of the model may be given, `payee` too."""
    number = next(_number)
    offering = Offering.objects.create(
        **{
            "title": title or f"Sortie {number}",
            "slug": f"sortie-{number}",
            "nature": Nature.OUTING,
            "status": Status.PUBLISHED,
            "selection": Selection.SEVERAL,
            "checkout": Checkout.BASKET,
            **columns,
            "payee": columns.get("payee") or a_payee(),
        }
    )
    offering.levels.set(levels or [])
    offering.establishments.set(establishments or [])
    return offering


def an_option(
    name: str = "",
    *,
    places: int | None = None,
    price: int = 550,
    offering: Offering | None = None,
    starts_on: date | None = None,
    **columns: Any,
) -> Option:
    """An option at `price` cents, with as many places; None is as many as anybody wants."""
    number = next(_number)
    option = Option.objects.create(
        offering=offering or an_offering(),
        name=name or f"Option {number}",
        price_cents=price,
        position=number,
        starts_on=starts_on,
        **columns,
    )
    registrations.set_capacity(option_id=option.id, capacity=places, actor=SYSTEM, at=NOON)
    return option
