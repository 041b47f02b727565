"""A family's wishes as its pages show them: what was wished for, and what became of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.db.models import Q

from tenant_apps.catalog.models import Option
from tenant_apps.families.models import Participant
from tenant_apps.families.queries import hidden_from
from tenant_apps.registrations import waiting
from tenant_apps.registrations.lottery.reading import lines_of
from tenant_apps.registrations.models import PlaceRequest, Registration, RequestStatus, Status

# What lies in the basket, or did and was paid.
_HAD = frozenset({RequestStatus.OFFERED, RequestStatus.TAKEN})


@dataclass(frozen=True, slots=True)
class Shown:
    """One choice. `ranks`: its place on the list of each option that it waits for; `is_confirmed`: all of it is."""

    request: PlaceRequest
    lines: list[Registration]
    ranks: list[int]
    is_confirmed: bool

    @property
    def by_option(self) -> list[tuple[Option, list[Participant]]]:
        """Each option once, with those for whom it is."""
        found: dict[UUID, tuple[Option, list[Participant]]] = {}
        for line in self.lines:
            found.setdefault(line.option_id, (line.option, []))[1].append(line.participant)
        return list(found.values())

    @property
    def is_had(self) -> bool:
        return self.request.status in _HAD

    @property
    def is_waiting(self) -> bool:
        return self.request.status == RequestStatus.WAITING

    def fits(self, left: Mapping[UUID, int | None]) -> bool:
        """Whether there is room for all its lines, two of which may be of the same option."""
        wanted: Counter[UUID] = Counter()
        for line in self.lines:
            wanted[line.option_id] += line.quantity
        return all((free := left.get(key, 0)) is None or free >= number for key, number in wanted.items())


@dataclass(frozen=True, slots=True)
class Need:
    """One wish with its choices; `number` is the random one that a published draw names it by."""

    number: UUID
    choices: list[Shown]

    @property
    def children(self) -> list[Participant]:
        return list({line.participant_id: line.participant for line in self.choices[0].lines}.values())

    @property
    def is_wished(self) -> bool:
        return any(choice.request.status == RequestStatus.WISHED for choice in self.choices)

    @property
    def had(self) -> Shown | None:
        return next((choice for choice in self.choices if choice.is_had), None)

    @property
    def waiting(self) -> list[Shown]:
        return [choice for choice in self.choices if choice.is_waiting]

    def fits(self, left: Mapping[UUID, int | None]) -> bool:
        """Whether one of its choices may be had; `left`: the places by option, None without end."""
        return any(choice.fits(left) for choice in self.choices)

    @property
    def place(self) -> int:
        """In the draw, from 1; 0 before."""
        return max(choice.request.drawn for choice in self.choices)

    @property
    def offered_until(self) -> datetime | None:
        offered = (choice.request for choice in self.choices if choice.request.status == RequestStatus.OFFERED)
        return next((request.offered_until for request in offered), None)


def of_family(opening_id: UUID, guardian_id: UUID) -> list[Need]:
    """In the family's own order, in a number of queries that does not grow. What was said anew is not shown twice."""
    said_anew = Q(status=RequestStatus.LEFT, drawn=0)
    hidden = Registration.objects.filter(participant__in=hidden_from(guardian_id))
    own = PlaceRequest.objects.filter(~said_anew, opening_id=opening_id, guardian_id=guardian_id)
    own = own.exclude(pk__in=hidden.exclude(request=None).values("request_id"))
    requests = list(own.order_by("asked_at", "group", "rank", "id"))
    lines = lines_of(own)
    ranks = waiting.ranks([each for each in requests if each.status == RequestStatus.WAITING])
    for own_lines in lines.values():
        own_lines.sort(key=lambda line: (line.participant.search_text, str(line.participant_id)))
    confirmed = _confirmed(guardian_id, [each for each in requests if each.status == RequestStatus.TAKEN], lines)
    shown = [
        Shown(each, lines[each.id], _ranks_of(each, lines[each.id], ranks), each.id in confirmed)
        for each in requests
        if each.id in lines
    ]
    return [Need(group, list(choices)) for group, choices in groupby(shown, key=lambda each: each.request.group)]


def _confirmed(
    guardian_id: UUID, taken: Sequence[PlaceRequest], lines: Mapping[UUID, Sequence[Registration]]
) -> set[UUID]:
    """What is taken at one's turn is held by lines of its own: they are found by whom they are for, and by what."""
    if not taken:
        return set()
    rows = Registration.objects.filter(basket__guardian_id=guardian_id, status=Status.CONFIRMED)
    found = set(rows.values_list("participant_id", "option_id"))
    return {
        each.id
        for each in taken
        if all((line.participant_id, line.option_id) in found for line in lines.get(each.id, ()))
    }


def _ranks_of(
    request: PlaceRequest, lines: Sequence[Registration], ranks: Mapping[tuple[UUID, UUID], int]
) -> list[int]:
    options = dict.fromkeys(line.option_id for line in lines)
    return [ranks[key] for option_id in options if (key := (request.id, option_id)) in ranks]


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many wish for an option, as their first choice and as any."""

    option_id: UUID
    first: int
    any_rank: int


def demand(opening_id: UUID) -> dict[UUID, Wanted]:
    """By option, in places, before the draw: of what is still wished for."""
    first: Counter[UUID] = Counter()
    every: Counter[UUID] = Counter()
    rows = Registration.objects.filter(request__opening_id=opening_id, request__status=RequestStatus.WISHED)
    for option_id, quantity, rank in rows.values_list("option_id", "quantity", "request__rank"):
        every[option_id] += quantity
        first[option_id] += quantity if rank == 1 else 0
    return {option_id: Wanted(option_id, first[option_id], every[option_id]) for option_id in every}


@dataclass(frozen=True, slots=True)
class Figures:
    """`had`: how many wishes came true, by the number of the choice; `waiting`: how many wait for a place."""

    families: int
    wishes: int
    wished: int
    had: dict[int, int]
    waiting: int


def figures(opening_id: UUID) -> Figures:
    """Of an opening, before its draw as after it."""
    rows = PlaceRequest.objects.filter(~Q(status=RequestStatus.LEFT, drawn=0), opening_id=opening_id)
    found = list(rows.values_list("guardian_id", "group", "status", "rank"))
    had = Counter(rank for _guardian, _group, status, rank in found if status in _HAD)
    return Figures(
        families=len({guardian for guardian, _group, _status, _rank in found}),
        wishes=len({group for _guardian, group, _status, _rank in found}),
        wished=len({group for _guardian, group, status, _rank in found if status == RequestStatus.WISHED}),
        had=dict(sorted(had.items())),
        waiting=len({group for _guardian, group, status, _rank in found if status == RequestStatus.WAITING}),
    )
