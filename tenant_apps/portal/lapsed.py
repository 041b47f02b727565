"""What a family lost because its time ran out: named, and offered again while that makes sense."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef

from kernel.transactions import operation
from shared_apps.audit.actors import Actor
from tenant_apps.families import queries as families
from tenant_apps.families.models import Guardian
from tenant_apps.registrations import choosing, waiting, waiting_terms
from tenant_apps.registrations import operations as registrations
from tenant_apps.registrations.choosing import Had
from tenant_apps.registrations.claims import claim_of
from tenant_apps.registrations.models import Registration, Status
from tenant_apps.registrations.queries import places_left
from tenant_apps.registrations.states import TAKING

# Who comes back later begins again from the catalogue.
_SHOWN = timedelta(days=2)


@dataclass(frozen=True)
class Lost:
    """`has_list`: where nothing is left, the family may wait for it instead."""

    line: Registration
    is_free: bool
    has_list: bool


def of(guardian: Guardian, *, at: datetime) -> list[Lost]:
    """What lapsed in this family's basket and was neither taken again nor asked for since."""
    lines = list(_lapsed(guardian, at))
    left = places_left([line.option_id for line in lines], at=at) if lines else {}
    usual = waiting_terms.usual() if lines else {}
    return [
        Lost(line, _fits(line, left.get(line.option_id)), waiting_terms.has_list_in(usual, line.option.offering))
        for line in lines
    ]


@operation
def take_again(*, guardian: Guardian, actor: Actor, at: datetime) -> Had:
    """Hold what can still be had of it, as it was filled in. Raises the refusals of a hold."""
    claims = [claim_of(lost.line) for lost in of(guardian, at=at) if lost.is_free]
    if not claims:
        return Had([], [])
    basket = registrations.open_basket(guardian_id=guardian.id, at=at)
    return choosing.hold_available(basket_id=basket.id, claims=claims, actor=actor, at=at)


@operation
def wait_for(*, guardian: Guardian, actor: Actor, at: datetime) -> list[Registration]:
    """Ask for what is full now, each by itself. Raises the refusals of a waiting list."""
    lines = [lost.line for lost in of(guardian, at=at) if lost.has_list and not lost.is_free]
    if lines:
        claims = [claim_of(line) for line in lines]
        waiting.ask(guardian_id=guardian.id, claims=claims, together=False, actor=actor, at=at)
    return lines


def _lapsed(guardian: Guardian, at: datetime) -> Iterable[Registration]:
    """Let go because its time had come, and not because somebody said so."""
    same = Registration.objects.filter(participant_id=OuterRef("participant_id"), option_id=OuterRef("option_id"))
    had_since = same.filter(status__in=(*TAKING, Status.REQUESTED))
    later = same.filter(status=Status.RELEASED, created_at__gt=OuterRef("created_at"))
    lapsed = Registration.objects.filter(
        ~Exists(had_since),
        ~Exists(later),
        basket__guardian=guardian,
        basket__closed_at=None,
        status=Status.RELEASED,
        request=None,
        # A change is asked for anew: its price counts what it stands for.
        replaces=None,
        confirmed_at=None,
        ended_at__gte=F("held_until"),
        ended_at__gt=at - _SHOWN,
        option__is_offered=True,
    )
    shown = lapsed.exclude(participant_id__in=families.hidden_from(guardian.id))
    return shown.select_related("participant", "option__offering__payee")


def _fits(line: Registration, left: int | None) -> bool:
    return left is None or left >= line.quantity
