"""One offer: what was asked for is held, in the family's open basket, with its own deadline, and the family is told.

Nothing of the other family is locked but the rows of its request: a place that comes free waits for nobody's basket.
A basket that is closed at the same instant is mended by the sweep (registrations.operations).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from shared_apps.outbox import operations as outbox
from tenant_apps.catalog.eligibility import Eligibility, counts
from tenant_apps.catalog.reasons import Code, Reason
from tenant_apps.organisation import queries as organisation
from tenant_apps.registrations import baskets, locks, pricing
from tenant_apps.registrations.errors import NotAllowed
from tenant_apps.registrations.models import PlaceRequest, Registration, RequestStatus, Status
from tenant_apps.registrations.states import move, move_requests

# Answers that were in order when the family asked do not cost it its turn; what it has taken since does.
_COUNTED = frozenset({Code.CHILD_LIMIT, Code.FAMILY_LIMIT, Code.CLASH, Code.CHOSEN_ALREADY, Code.WEEK_CHOSEN_ALREADY})
_OVER = frozenset({Code.NOT_PUBLISHED, Code.NOT_OFFERED, Code.DEADLINE_PASSED, Code.OVER})


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that waits, and its registrations with their option, offering and participant."""

    request: PlaceRequest
    registrations: Sequence[Registration]


class _NotNow(Exception):
    """It may not be offered any more, or not as things are."""


def make(asked: Asked, *, hours: int, actor: Actor, at: datetime) -> bool:
    """Whether it could be offered; its places are for the caller to take, who has locked their counters."""
    try:
        with transaction.atomic():
            _hold(asked, at + timedelta(hours=hours), at)
    except (_NotNow, IntegrityError):
        return False
    outbox.tell(kind="registrations.offered", payload={"request": str(asked.request.id)}, at=at)
    audit.record(
        action="registrations.offered",
        subject="request",
        subject_id=asked.request.id,
        actor=actor,
        at=at,
        details={"registrations": [str(registration.id) for registration in asked.registrations]},
    )
    return True


def refuse_what_counts(lines: Sequence[Registration], *, guardian_id: UUID, at: datetime) -> None:
    """An offer locks nobody who counts, so what the family took at that same instant is seen here, before it pays.

    Raises NotAllowed.
    """
    offered = [line for line in lines if line.request_id is not None and counts(line.option.offering, line.option)]
    if not offered:
        return
    locks.those_who_count(guardian_id, [line.participant_id for line in lines])
    reasons = [reason for reason in _against(offered, guardian_id, at) if reason.code in _COUNTED]
    if reasons:
        raise NotAllowed(reasons)


def _hold(asked: Asked, until: datetime, at: datetime) -> None:
    request, ids = asked.request, [registration.id for registration in asked.registrations]
    same = PlaceRequest.objects.filter(pk=request.pk, status=RequestStatus.WAITING)
    if not move_requests(same, RequestStatus.OFFERED, offered_at=at, offered_until=until):
        raise _NotNow
    basket = baskets.open_for(request.guardian_id, at)
    requested = Registration.objects.filter(pk__in=ids, status=Status.REQUESTED)
    if move(requested, Status.HELD, basket=basket, held_until=until, reminded_at=None, ended_at=None) != len(ids):
        raise _NotNow
    _refuse_what_stands_against(asked, at)
    changed = pricing.put_prices(basket, asked.registrations, at=at)
    Registration.objects.bulk_update(changed, ["unit_cents", "amount_cents", "quote"])


def _refuse_what_stands_against(asked: Asked, at: datetime) -> None:
    """Judged once they are held, all of them together, as for who holds places directly."""
    reasons = _against(asked.registrations, asked.request.guardian_id, at)
    if any(reason.code in _COUNTED | _OVER for reason in reasons):
        raise _NotNow


def _against(registrations: Sequence[Registration], guardian_id: UUID, at: datetime) -> list[Reason]:
    known = Eligibility.of(
        {each.option.offering_id: each.option.offering for each in registrations}.values(),
        {each.participant_id: each.participant for each in registrations}.values(),
        guardian_id=guardian_id,
        at=at,
        zone=organisation.profile().zone,
    )
    return [reason for each in registrations for reason in known.against(each.option, each.participant)]
