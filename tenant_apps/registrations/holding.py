"""How long a family keeps places: how often it may keep them longer, and when it is reminded that they end (S4-34)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from kernel.transactions import operation
from shared_apps.outbox import operations as outbox
from tenant_apps.catalog.models import Offering
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.rules import read
from tenant_apps.registrations.models import Registration, Status

# Nobody is reminded earlier than this, whatever is said: what is looked through each time stays small.
_LONGEST = timedelta(days=7)

Usual = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Terms:
    """`renewals`: how many times, at most; `remind_hours` before the end, and never for a hold that is shorter.

    `link_hours`: how long a family has for a basket that staff filled, from the mail that leads to it.
    """

    renewals: int
    remind_hours: int
    link_hours: int = 24


def terms_of(offering: Offering) -> Terms:
    return terms_in(usual(), offering)


def usual() -> Usual:
    """What the organisation does where an offering says nothing."""
    return read(organisation.profile().rules).holding


def terms_in(usual: Usual, offering: Offering) -> Terms:
    """As `terms_of`, for who reads many."""
    said = {**usual, **offering.holding}
    return Terms(
        renewals=int(said.get("renewals", 1)),
        remind_hours=int(said.get("remind_hours", 24)),
        link_hours=int(said.get("link_hours", 24)),
    )


def remind(*, at: datetime, ending_before: datetime | None = None) -> int:
    """Tell each family, once for all that it holds, that it is about to end. Returns how many baskets.

    With `ending_before`, only of what ends before: for whom it would be too late to wait until the morning.
    """
    latest = at + _LONGEST if ending_before is None else min(ending_before, at + _LONGEST)
    ending = Registration.objects.filter(
        status=Status.HELD,
        reminded_at=None,
        held_until__gt=at,
        held_until__lte=latest,
        basket__closed_at=None,
    )
    known = usual() if ending else {}
    by_basket: dict[UUID, list[UUID]] = {}
    for registration in ending.select_related("option__offering", "request").order_by("basket_id"):
        if _is_due(registration, terms_in(known, registration.option.offering), at):
            by_basket.setdefault(registration.basket_id, []).append(registration.id)
    return sum(_tell(basket_id=basket_id, ids=ids, at=at) for basket_id, ids in by_basket.items())


def _is_due(registration: Registration, terms: Terms, at: datetime) -> bool:
    before = timedelta(hours=terms.remind_hours)
    offered_at = registration.request.offered_at if registration.request else None
    since = offered_at or registration.created_at
    return registration.held_until - before <= at and registration.held_until - since > before


@operation
def _tell(*, basket_id: UUID, ids: list[UUID], at: datetime) -> bool:
    # What was renewed, paid or let go at this instant is not reminded of.
    same = Registration.objects.filter(pk__in=ids, status=Status.HELD, reminded_at=None, held_until__gt=at)
    until = same.order_by("held_until").values_list("held_until", flat=True).first()
    if until is None or not same.update(reminded_at=at):
        return False
    outbox.tell(kind="registrations.ending", payload={"basket": str(basket_id), "until": until.isoformat()}, at=at)
    return True
