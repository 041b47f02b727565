"""A family puts its wishes in another order: the choices of one, or one before another."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from kernel.transactions import operation
from tenant_apps.families import locks as family_locks
from tenant_apps.registrations.lottery.gathering import gathering
from tenant_apps.registrations.lottery.wishes import of_wish
from tenant_apps.registrations.models import PlaceRequest, RequestStatus

# Out of the way of any rank while two change places.
_ASIDE = 1000


@operation
def move_choice(*, opening_id: UUID, guardian_id: UUID, request_id: UUID, by: int, at: datetime) -> None:
    """`by` is -1 for up, 1 for down; beyond the ends nothing moves. Raises NotGathering and WishUnknown."""
    gathering(opening_id, at=at)
    family_locks.guardian(guardian_id)
    choices = _wish_with(opening_id, guardian_id, request_id)
    place = next(number for number, each in enumerate(choices) if each.id == request_id)
    if 0 <= place + by < len(choices):
        one, other = choices[place], choices[place + by]
        _rank(one.id, _ASIDE)
        _rank(other.id, one.rank)
        _rank(one.id, other.rank)


@operation
def move_wish(*, opening_id: UUID, guardian_id: UUID, group: UUID, by: int, at: datetime) -> None:
    """The same for a whole wish: a child's first wish is drawn before any child's second."""
    gathering(opening_id, at=at)
    family_locks.guardian(guardian_id)
    of_wish(opening_id, guardian_id, group)
    since = _groups(opening_id, guardian_id)
    order = [each for each, _asked_at in since]
    place = order.index(group)
    if 0 <= place + by < len(order):
        moments = sorted(asked_at for _group, asked_at in since)
        order[place], order[place + by] = order[place + by], order[place]
        for each, asked_at in zip(order, moments, strict=True):
            _own(opening_id, guardian_id).filter(group=each).update(asked_at=asked_at)


def _wish_with(opening_id: UUID, guardian_id: UUID, request_id: UUID) -> list[PlaceRequest]:
    found = _own(opening_id, guardian_id).filter(pk=request_id).first()
    return of_wish(opening_id, guardian_id, found.group) if found else of_wish(opening_id, guardian_id, request_id)


def _groups(opening_id: UUID, guardian_id: UUID) -> list[tuple[UUID, datetime]]:
    rows = _own(opening_id, guardian_id).order_by("asked_at", "group").values_list("group", "asked_at")
    return list(dict(rows).items())


def _own(opening_id: UUID, guardian_id: UUID) -> QuerySet[PlaceRequest]:
    return PlaceRequest.objects.filter(opening_id=opening_id, guardian_id=guardian_id, status=RequestStatus.WISHED)


def _rank(request_id: UUID, rank: int) -> None:
    PlaceRequest.objects.filter(pk=request_id).update(rank=rank)
