"""What a draw is made from, as one document without a name in it: the places, the limits, and who wishes for what."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from tenant_apps.catalog.models import Option
from tenant_apps.catalog.models import Status as Published
from tenant_apps.families.models import Guardian, Guardianship
from tenant_apps.openings import ordering
from tenant_apps.openings.models import Opening
from tenant_apps.openings.terms import terms_of
from tenant_apps.organisation import queries as organisation
from tenant_apps.registrations.lottery import limits
from tenant_apps.registrations.lottery.algorithm import FORMAT
from tenant_apps.registrations.lottery.priorities import priorities_of, told
from tenant_apps.registrations.lottery.reading import Choice, Wish
from tenant_apps.registrations.models import Places, Registration
from tenant_apps.registrations.states import TAKING

# What nobody can have any more: it was taken off the offer, or the child has it, or another answers for the child now.
CLOSED = "closed"
# The kinds of counter that are no places: where they have run out, no place that comes free helps.
BARRING = frozenset({"limit", CLOSED})

Document = dict[str, Any]


def document_of(opening: Opening, wishes: Sequence[Wish], *, at: datetime) -> Document:
    """As it is now; the caller keeps others from changing it. Its entries bear the wishes' own random numbers."""
    zone, terms = organisation.profile().zone, terms_of(opening)
    options = {line.option_id: line.option for wish in wishes for line in wish.lines}
    places = {row.option_id: row for row in Places.objects.filter(option_id__in=_with_shared(options))}
    counters = _counters(options, places)
    bounds, closed = bounds_of(wishes, at=at, zone=zone), closed_in(wishes)
    counters |= {name: {"kind": "limit", "free": free} for name, free in bounds.free.items()}
    counters[CLOSED] = {"kind": "closed", "free": 0}
    priorities, turns = priorities_of(wishes, terms.priorities, at=at, zone=zone), turns_of(wishes)
    return {
        "format": FORMAT,
        "opening": {"name": opening.name, "opens_at": opening.opens_at.isoformat(), "drawn_at": at.isoformat()},
        "commitment": ordering.commitment(opening.seed),
        "seed": opening.seed,
        "priorities": told(terms.priorities),
        "counters": counters,
        "entries": [
            {
                "id": str(wish.group),
                "priority": priorities[wish.group],
                "turn": turns[wish.group],
                "choices": [_takes(choice, places, bounds, closed) for choice in wish.choices],
            }
            for wish in sorted(wishes, key=lambda wish: wish.group)
        ],
    }


def turns_of(wishes: Iterable[Wish]) -> dict[UUID, int]:
    """Whether it is the first, the second… wish of a child: nobody has two before everybody had a chance at one.

    A brother and a sister each have a first wish. One for both together is the next of whoever has had more.
    """
    had: Counter[UUID] = Counter()
    turns = {}
    for wish in wishes:
        children = wish.children
        turns[wish.group] = 1 + max(had[child] for child in children)
        for child in children:
            had[child] = turns[wish.group]
    return turns


def _with_shared(options: Iterable[UUID]) -> list[UUID]:
    wanted = list(options)
    shared = Places.objects.filter(option_id__in=wanted).values_list("shared", flat=True)
    return [*wanted, *{quota for quotas in shared for quota in quotas}]


def _counters(options: Mapping[UUID, Option], places: Mapping[UUID, Places]) -> dict[str, dict[str, Any]]:
    names = {UUID(quota["id"]): quota["name"] for option in options.values() for quota in option.offering.quotas}
    found = {}
    for identifier in sorted(places):
        option = options.get(identifier)
        name = f"{option.offering.title} – {option.name}" if option else names.get(identifier, "")
        kind = "option" if option else "shared"
        found[str(identifier)] = {"kind": kind, "name": name, "free": _free(places[identifier])}
    return found


def _free(row: Places) -> int | None:
    return None if row.capacity is None else max(row.capacity - row.taken - row.set_aside, 0)


def _takes(choice: Choice, places: Mapping[UUID, Places], bounds: limits.Counters, closed: set[UUID]) -> dict[str, int]:
    if choice.request.id in closed or any(line.option_id not in places for line in choice.lines):
        return {CLOSED: 1}
    takes: Counter[str] = Counter(bounds.used.get(choice.request.id, {}))
    for line in choice.lines:
        for identifier in (line.option_id, *places[line.option_id].shared):
            takes[str(identifier)] += line.quantity
    return dict(sorted(takes.items()))


def bounds_of(wishes: Sequence[Wish], *, at: datetime, zone: ZoneInfo) -> limits.Counters:
    """The limits of children and families, less what they have already."""
    people = {key for wish in wishes for key in wish.children}
    families = {wish.guardian.id: wish.family for wish in wishes} | dict(_housemates(wishes))
    of_participants: dict[UUID, list[Registration]] = {}
    of_families: dict[UUID, list[Registration]] = {}
    taken = Registration.objects.filter(status__in=TAKING).select_related("option__offering")
    for row in taken.filter(participant_id__in=people):
        of_participants.setdefault(row.participant_id, []).append(row)
    for row in taken.filter(basket__guardian_id__in=families).select_related("basket"):
        of_families.setdefault(families[row.basket.guardian_id], []).append(row)
    return limits.counters_of(wishes, of_participants=of_participants, of_families=of_families, at=at, zone=zone)


def _housemates(wishes: Iterable[Wish]) -> list[tuple[UUID, UUID]]:
    households = {wish.guardian.household_id for wish in wishes if wish.guardian.household_id}
    return list(Guardian.objects.filter(household_id__in=households).values_list("id", "household_id"))


def closed_in(wishes: Sequence[Wish]) -> set[UUID]:
    """The choices that cannot be had, by request."""
    people = {key for wish in wishes for key in wish.children}
    linked = set(
        Guardianship.objects.filter(
            guardian_id__in={wish.guardian.id for wish in wishes},
            participant_id__in=people,
            is_blocked=False,
            may_enrol=True,
            participant__removed_at=None,
        ).values_list("guardian_id", "participant_id")
    )
    had = set(
        Registration.objects.filter(participant_id__in=people, is_single=True, status__in=TAKING).values_list(
            "participant_id", "option_id"
        )
    )
    return {
        choice.request.id
        for wish in wishes
        for choice in wish.choices
        for line in choice.lines
        if not line.option.is_offered
        or line.option.offering.status != Published.PUBLISHED
        or (wish.guardian.id, line.participant_id) not in linked
        or (line.participant_id, line.option_id) in had
    }
