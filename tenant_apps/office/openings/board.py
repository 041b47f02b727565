"""The live figures of an opening, in a number of questions that does not grow with families or options."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from tenant_apps.office import rosters
from tenant_apps.office.openings import known
from tenant_apps.office.rosters import OptionPlaces
from tenant_apps.office.scope import Scope
from tenant_apps.openings.models import Channel, Mode, Opening, Ticket
from tenant_apps.registrations.lottery import queries
from tenant_apps.registrations.models import PlaceRequest, Registration, RequestStatus, Status

_SOON = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Turns:
    """Families, by where they are; `counter` are those of `here` who came by the counter or the phone."""

    here: int
    counter: int
    waiting: int
    called: int
    inside: int
    done: int


@dataclass(frozen=True, slots=True)
class Line:
    """One option. `held` and `ending` (within ten minutes) are in baskets; `waiting` is its waiting list."""

    places: OptionPlaces
    held: int
    ending: int
    confirmed: int
    waiting: int
    first_wishes: int
    wishes: int


@dataclass(frozen=True, slots=True)
class Totals:
    places: int | None
    left: int | None
    held: int
    ending: int
    confirmed: int
    waiting: int
    wishes: int


@dataclass(frozen=True, slots=True)
class Board:
    turns: Turns
    lines: Sequence[Line]
    totals: Totals
    wishing: int


def of(opening: Opening, scope: Scope, *, at: datetime) -> Board:
    rows = rosters.with_places(known.options(opening, scope), at=at)
    counts = _registrations(rows, at)
    wished = queries.demand(opening.pk) if opening.mode == Mode.LOTTERY else {}
    lines = [_line(row, counts.get(row.option.pk, {}), wished.get(row.option.pk)) for row in rows]
    return Board(turns(opening, at=at), lines, _totals(lines), _wishing(opening))


def turns(opening: Opening, *, at: datetime) -> Turns:
    called = Q(position__lte=opening.admitted)
    inside = Q(pass_until__gt=at, done_at=None)
    entered = Q(pass_until__isnull=False)
    found = Ticket.objects.filter(opening=opening).aggregate(
        here=Count("pk"),
        counter=Count("pk", filter=Q(channel=Channel.COUNTER)),
        waiting=Count("pk", filter=Q(pass_until=None, done_at=None) & ~called | Q(position=None, is_given_up=False)),
        called=Count("pk", filter=called & Q(pass_until=None, done_at=None)),
        inside=Count("pk", filter=inside),
        done=Count("pk", filter=~Q(done_at=None) | entered & Q(pass_until__lte=at)),
    )
    return Turns(**found)


def _line(row: OptionPlaces, counts: Mapping[str, int], wished: queries.Wanted | None) -> Line:
    return Line(
        places=row,
        held=counts.get("held", 0),
        ending=counts.get("ending", 0),
        confirmed=counts.get("confirmed", 0),
        waiting=counts.get("waiting", 0),
        first_wishes=wished.first if wished else 0,
        wishes=wished.any_rank if wished else 0,
    )


def _registrations(rows: Sequence[OptionPlaces], at: datetime) -> dict[UUID, dict[str, int]]:
    held = Q(status__in=[Status.HELD, Status.AWAITING_PAYMENT])
    waits = Q(status=Status.REQUESTED, request__status=RequestStatus.WAITING)
    counted = (
        Registration.objects.filter(option_id__in=[row.option.pk for row in rows])
        .values("option_id")
        .annotate(
            held=Count("pk", filter=held),
            ending=Count("pk", filter=Q(status=Status.HELD, held_until__gt=at, held_until__lte=at + _SOON)),
            confirmed=Count("pk", filter=Q(status=Status.CONFIRMED)),
            waiting=Count("pk", filter=waits),
        )
        .order_by()
    )
    return {
        row["option_id"]: {name: int(row[name]) for name in row.keys() - {"option_id"}}  # type: ignore[literal-required]
        for row in counted
    }


def _wishing(opening: Opening) -> int:
    """How many families say wishes."""
    wished = PlaceRequest.objects.filter(opening=opening, status=RequestStatus.WISHED)
    return wished.values("guardian_id").order_by().distinct().count()


def _totals(lines: Sequence[Line]) -> Totals:
    unlimited = any(line.places.capacity is None for line in lines)
    return Totals(
        places=None if unlimited else sum(line.places.capacity or 0 for line in lines),
        left=None if unlimited else sum(line.places.left or 0 for line in lines),
        held=sum(line.held for line in lines),
        ending=sum(line.ending for line in lines),
        confirmed=sum(line.confirmed for line in lines),
        waiting=sum(line.waiting for line in lines),
        wishes=sum(line.wishes for line in lines),
    )
