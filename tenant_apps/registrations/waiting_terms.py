"""How the waiting list of an offering works: what it says itself, and else what its organisation does (O-06)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tenant_apps.catalog.models import Offering, Selection
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.rules import read

Usual = Mapping[str, Any]


class Mode(StrEnum):
    OFF = "off"
    AUTOMATIC = "automatic"
    MANUAL = "manual"


class OnRefusal(StrEnum):
    KEEP = "keep"
    LOSE = "lose"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Terms:
    """`offer_hours`: how long a family has to take the place that is offered.

    `on_refusal`: who refuses it, or does not answer, keeps their rank, loses it, or leaves the list.
    """

    mode: Mode
    offer_hours: int
    on_refusal: OnRefusal


def terms_of(offering: Offering) -> Terms:
    return terms_in(usual(), offering)


def usual() -> Usual:
    """What the organisation does where an offering says nothing."""
    return read(organisation.profile().rules).waiting


def terms_in(usual: Usual, offering: Offering) -> Terms:
    """As `terms_of`, for who reads many."""
    said = {**usual, **offering.waiting}
    return Terms(
        mode=Mode(said.get("mode", Mode.OFF)),
        offer_hours=int(said.get("offer_hours", 48)),
        on_refusal=OnRefusal(said.get("on_refusal", OnRefusal.LEAVE)),
    )


def has_list(offering: Offering) -> bool:
    return has_list_in(usual(), offering)


def has_list_in(usual: Usual, offering: Offering) -> bool:
    """Whether one may wait for what is full there. Articles are ordered, not waited for."""
    return offering.selection != Selection.QUANTITIES and terms_in(usual, offering).mode is not Mode.OFF


def terms_together(usual: Usual, offerings: Iterable[Offering]) -> Terms:
    """Of what is had together, or not at all: the strictest of each. Where there is no list, no rank is kept."""
    every = [terms_in(usual, offering) for offering in offerings]
    rules = [OnRefusal.LEAVE if terms.mode is Mode.OFF else terms.on_refusal for terms in every]
    return Terms(
        mode=max((terms.mode for terms in every), key=[Mode.AUTOMATIC, Mode.MANUAL, Mode.OFF].index),
        offer_hours=min(terms.offer_hours for terms in every),
        on_refusal=max(rules, key=[OnRefusal.KEEP, OnRefusal.LOSE, OnRefusal.LEAVE].index),
    )
