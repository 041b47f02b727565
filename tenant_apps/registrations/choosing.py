"""Holding what can be had where not all of it can, because the family said that it wants that."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from kernel.transactions import operation
from shared_apps.audit.actors import Actor
from tenant_apps.registrations import operations
from tenant_apps.registrations.claims import Claim
from tenant_apps.registrations.errors import OptionFull
from tenant_apps.registrations.models import Registration


@dataclass(frozen=True, slots=True)
class Had:
    """What is held, and what nothing is left of."""

    held: list[Registration] = field(default_factory=list)
    full: list[Claim] = field(default_factory=list)


@operation
def hold_available(
    *, basket_id: UUID, claims: Sequence[Claim], actor: Actor, at: datetime, replacing: Sequence[UUID] = ()
) -> Had:
    """As `operations.hold`, but for what is full: the rest is held, and what it replaces is given up.

    Raises what `hold` raises, but for OptionFull: any other reason stands against all that was asked.
    """
    try:
        return Had(operations.hold(basket_id=basket_id, claims=claims, actor=actor, at=at, replacing=replacing))
    except OptionFull:
        return _one_by_one(basket_id, claims, actor, at, list(replacing))


def _one_by_one(basket_id: UUID, claims: Sequence[Claim], actor: Actor, at: datetime, replacing: Sequence[UUID]) -> Had:
    """In the order that places are taken everywhere: of two children, the first may still find the last place."""
    had = Had()
    kept = {_what(claim) for claim in claims}
    before = list(Registration.objects.filter(pk__in=replacing))
    dropped = [each.id for each in before if (each.participant_id, each.option_id) not in kept]
    if dropped:
        # First: what is given up stands against nothing that is asked instead of it.
        operations.release(basket_id=basket_id, registration_ids=dropped, actor=actor, at=at)
    for claim in sorted(claims, key=lambda claim: claim.option_id):
        # What stands for a line keeps that line's place, whoever waits for it.
        same = [each.id for each in before if (each.participant_id, each.option_id) == _what(claim)]
        try:
            had.held.extend(operations.hold(basket_id=basket_id, claims=[claim], actor=actor, at=at, replacing=same))
        except OptionFull:
            had.full.append(claim)
    return had


def _what(claim: Claim) -> tuple[UUID, UUID]:
    return (claim.participant_id, claim.option_id)
