"""Keeping places longer: what a family holds begins its time again, as often as its offering allows."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.registrations import baskets, errors, holding
from tenant_apps.registrations.models import Registration, Status


@operation
def renew(*, basket_id: UUID, actor: Actor, at: datetime, seen_until: datetime | None = None) -> datetime:
    """All the lines that may be, together. Returns when the first of them ends now.

    `seen_until`: the deadline that the page showed. Where it has moved since, this is the second of two clicks, or
    of two tabs, and changes nothing.
    Raises CannotRenew where there is none, or BasketClosed.
    """
    basket = baskets.locked(basket_id)
    lines = list(Registration.objects.filter(basket=basket, status=Status.HELD).select_related("option__offering"))
    until = min((line.held_until for line in lines), default=None)
    if until is not None and seen_until is not None and until > seen_until:
        return until
    kept = [until for line in renewable(lines, at=at) if (until := _renew(line, at)) is not None]
    if not kept:
        raise errors.CannotRenew
    audit.record(
        action="registrations.renewed",
        subject="basket",
        subject_id=basket_id,
        actor=actor,
        at=at,
        details={"until": min(kept).isoformat()},
    )
    return min(kept)


def renewable(lines: Sequence[Registration], *, at: datetime) -> list[Registration]:
    """Those with less than half of their time left: pressed earlier, one of the few times would be gone for nothing.

    An offer from a waiting list or a draw has a deadline that others wait for.
    """
    held = [line for line in lines if line.status == Status.HELD and line.held_until > at and line.request_id is None]
    known = holding.usual() if held else {}
    return [
        line
        for line in held
        if line.renewals < holding.terms_in(known, line.option.offering).renewals
        and (line.held_until - at) * 2 < _length(line)
    ]


def _length(line: Registration) -> timedelta:
    return timedelta(minutes=line.option.offering.hold_minutes)


def _renew(line: Registration, at: datetime) -> datetime | None:
    """None where it ran out, or was let go, since it was looked at."""
    until = at + _length(line)
    same = Registration.objects.filter(
        pk=line.pk, status=Status.HELD, held_until=line.held_until, renewals=line.renewals
    )
    return until if same.update(held_until=until, renewals=line.renewals + 1, reminded_at=None) else None
