"""Taking what a form asks: all of it or nothing, unless the family said what to do where something is full (S4-31)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared_apps.audit.actors import Actor
from tenant_apps.catalog.models import Option
from tenant_apps.families.models import Guardian
from tenant_apps.portal import waiting_lists
from tenant_apps.registrations import choosing, operations
from tenant_apps.registrations.claims import Claim
from tenant_apps.registrations.errors import OptionFull
from tenant_apps.registrations.models import PlaceRequest, Registration


@dataclass(frozen=True)
class IfFull:
    """`waits_for`: the options that the family waits for where they are full; `together`: along with the siblings who
    wait for the same. `takes_rest`: what else is full is left out, and the rest is taken.
    """

    waits_for: frozenset[UUID] = frozenset()
    together: bool = False
    takes_rest: bool = False

    @property
    def says_something(self) -> bool:
        return bool(self.waits_for) or self.takes_rest


@dataclass(frozen=True)
class Taken:
    """`left_out`: the options that were full, and are neither taken nor waited for."""

    held: list[Registration]
    waiting: Sequence[PlaceRequest] = ()
    left_out: Sequence[UUID] = ()


def take(
    guardian: Guardian,
    basket_id: UUID,
    claims: Sequence[Claim],
    if_full: IfFull,
    *,
    replacing: Sequence[UUID],
    actor: Actor,
    at: datetime,
) -> Taken:
    """Inside an operation. Raises the refusals of a hold, and of a waiting list."""
    if not if_full.says_something:
        held = operations.hold(basket_id=basket_id, claims=claims, actor=actor, at=at, replacing=replacing)
        return Taken(held)
    had = choosing.hold_available(basket_id=basket_id, claims=claims, actor=actor, at=at, replacing=replacing)
    wanted = [claim for claim in had.full if claim.option_id in if_full.waits_for]
    left_out = [claim.option_id for claim in had.full if claim.option_id not in if_full.waits_for]
    takes_something = bool(had.held or wanted)
    if left_out and not (if_full.takes_rest and takes_something):
        raise OptionFull(left_out, [str(option) for option in Option.objects.filter(pk__in=left_out)])
    asked = waiting_lists.ask(guardian=guardian, claims=wanted, together=if_full.together, actor=actor, at=at)
    return Taken(had.held, asked, left_out)
