"""The waiting list of an offering as staff see it: in order, with the rank for each choice and what it would take."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import ngettext

from tenant_apps.catalog.models import Offering
from tenant_apps.office.scope import Scope
from tenant_apps.registrations import counting, waiting
from tenant_apps.registrations.models import PlaceRequest, Registration, RequestStatus

Ranks = Mapping[tuple[UUID, UUID], int]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One registration of a request, with its rank for its option; None where a place is offered."""

    registration: Registration
    rank: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """`hidden` of its children are of establishments that the member does not see: then nothing is decided here.

    `short` says in words what is missing for it to be offered; empty where the places are there.
    """

    request: PlaceRequest
    wanted: Sequence[Wanted]
    hidden: int
    short: Sequence[str]

    @property
    def together(self) -> bool:
        return len(self.wanted) + self.hidden > 1

    @property
    def is_offered(self) -> bool:
        return self.request.status == RequestStatus.OFFERED


def of(offering: Offering, scope: Scope) -> list[Row]:
    requests = waiting.of_offering(offering.pk)
    ranks = waiting.ranks(requests)
    seen = set(_seen(offering, scope).values_list("pk", flat=True))
    free = counting.unsold(each.option_id for request in requests for each in request.registrations.all())
    rows = [_row(request, seen, ranks, free) for request in requests]
    return [row for row in rows if row.wanted]


def count(offering: Offering, scope: Scope) -> int:
    """How many requests wait for a place that the member may know of."""
    waits = _seen(offering, scope).filter(request__status=RequestStatus.WAITING)
    return waits.values("request_id").order_by().distinct().count()


def _seen(offering: Offering, scope: Scope) -> QuerySet[Registration]:
    return scope.registrations().filter(option__offering=offering, request__isnull=False)


def _row(request: PlaceRequest, seen: set[UUID], ranks: Ranks, free: Mapping[UUID, int | None]) -> Row:
    every = sorted(request.registrations.all(), key=lambda each: (each.option.position, str(each.participant)))
    own = [Wanted(each, ranks.get((request.pk, each.option_id))) for each in every if each.pk in seen]
    short = _short(every, free) if request.status == RequestStatus.WAITING else []
    return Row(request, own, len(every) - len(own), short)


def _short(registrations: Iterable[Registration], free: Mapping[UUID, int | None]) -> list[str]:
    needed, names = Counter[UUID](), dict[UUID, str]()
    for each in registrations:
        needed[each.option_id] += each.quantity
        names[each.option_id] = each.option.shown("name")
    return [
        _shortage(names[option_id], count, left)
        for option_id, count in needed.items()
        if (left := free.get(option_id)) is not None and left < count
    ]


def _shortage(name: str, count: int, left: int) -> str:
    """« il faut 2 places, 1 est libre »."""
    told = {"name": name, "count": count, "left": left}
    if left == 0:
        words = ngettext(
            "%(name)s\u202f: il faut %(count)s place, aucune n’est libre.",
            "%(name)s\u202f: il faut %(count)s places, aucune n’est libre.",
            count,
        )
    else:
        words = ngettext(
            "%(name)s\u202f: il faut %(count)s places, %(left)s est libre.",
            "%(name)s\u202f: il faut %(count)s places, %(left)s sont libres.",
            left,
        )
    return words % told
