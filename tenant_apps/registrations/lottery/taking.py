"""At one's turn in a queue, one press holds what was prepared: of each wish the first choice that can be had (O-04)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.transactions import operation
from shared_apps.audit.actors import Actor
from tenant_apps.catalog.eligibility import Eligibility
from tenant_apps.catalog.reasons import Reason
from tenant_apps.families import locks as family_locks
from tenant_apps.openings.models import Mode
from tenant_apps.organisation import queries as organisation
from tenant_apps.registrations import counting, freeing, operations, queries, serving, waiting_terms
from tenant_apps.registrations.claims import Claim
from tenant_apps.registrations.errors import NotAllowed, NotFull, OptionFull
from tenant_apps.registrations.lottery import algorithm, errors, problem
from tenant_apps.registrations.lottery.gathering import steady
from tenant_apps.registrations.lottery.granting import is_listed
from tenant_apps.registrations.lottery.reading import Choice, Wish, wishes_of
from tenant_apps.registrations.lottery.wishes import of_wish
from tenant_apps.registrations.models import PlaceRequest, Registration, RequestStatus, Status
from tenant_apps.registrations.states import move, move_requests

Free = dict[str, int | None]
Plan = list[tuple[Wish, Choice]]


@dataclass(frozen=True, slots=True)
class Gone:
    """A wish of which no choice could be had; `reasons` where the places are not the cause."""

    wish: Wish
    reasons: Sequence[Reason] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    held: list[Registration] = field(default_factory=list)
    gone: list[Gone] = field(default_factory=list)


@operation
def take(*, opening_id: UUID, guardian_id: UUID, actor: Actor, at: datetime) -> Taken:
    """Hold what can be had, in one transaction; what is gone stays wished for. Pressed again, it tries what is left.

    Raises NoTurn where places are drawn, NotGathering, and the refusals of `operations.hold` but OptionFull.
    """
    _refuse_draw(opening_id)
    family_locks.guardian(guardian_id)
    wishes = wishes_of(opening_id, guardian_id)
    against = _against(wishes, guardian_id, at)
    takes, free = _takes(wishes, against, at)
    while plan := _plan(wishes, takes, dict(free)):
        try:
            with transaction.atomic():
                held = _hold(guardian_id, plan, actor, at)
        except OptionFull as refusal:
            _learn(free, plan, refusal.option_ids)
        else:
            _fulfil(plan, at)
            break
    else:
        held = []
    had = {wish.group for wish, _choice in plan}
    gone = [Gone(wish, against.get(wish.choices[0].request.id, ())) for wish in wishes if wish.group not in had]
    return Taken(held, gone)


@operation
def wait(*, opening_id: UUID, guardian_id: UUID, group: UUID, actor: Actor, at: datetime) -> None:
    """Put a wish that could not be had on the waiting lists of those of its choices against which nothing stands.

    Raises NoTurn where places are drawn, WishUnknown, NotAllowed for what stands against all of it, as who has no turn,
    NoWaitingList, and NotFull while there is room.
    """
    _refuse_draw(opening_id)
    family_locks.guardian(guardian_id)
    of_wish(opening_id, guardian_id, group)
    usual = waiting_terms.usual()
    wish = next(wish for wish in wishes_of(opening_id, guardian_id) if wish.group == group)
    allowed = _allowed(wish, guardian_id, at)
    listed = [choice for choice in allowed if is_listed(choice, usual)]
    if not listed:
        raise errors.NoWaitingList
    _refuse_places_left(allowed, at)
    waiting = PlaceRequest.objects.filter(pk__in=[choice.request.id for choice in listed])
    move_requests(waiting, RequestStatus.WAITING, queued_at=at)
    _end([choice for choice in wish.choices if choice not in listed], RequestStatus.LEFT, at)
    serving.serve({line.option_id for choice in listed for line in choice.lines}, at=at)


def _refuse_draw(opening_id: UUID) -> None:
    """Raises NoTurn where places are drawn, and NotGathering where there is no such opening."""
    if steady(opening_id).mode != Mode.QUEUE:
        raise errors.NoTurn


def _allowed(wish: Wish, guardian_id: UUID, at: datetime) -> list[Choice]:
    """The choices that could be had if there were room. Raises NotAllowed."""
    against = _against([wish], guardian_id, at)
    allowed = [choice for choice in wish.choices if choice.request.id not in against]
    if not allowed:
        raise NotAllowed(against[wish.choices[0].request.id])
    return allowed


def _refuse_places_left(choices: Sequence[Choice], at: datetime) -> None:
    """The counters are locked: what comes free from here on finds who waits. Raises NotFull."""
    serving.lock_counters(counting.reach({line.option_id for choice in choices for line in choice.lines}))
    for choice in choices:
        wanted: Counter[UUID] = Counter()
        for line in choice.lines:
            wanted[line.option_id] += line.quantity
        freeing.make_room(wanted, at=at)
        if not counting.options_in_the_way(wanted):
            raise NotFull(names=", ".join(str(line.option) for line in choice.lines))


def _against(wishes: Sequence[Wish], guardian_id: UUID, at: datetime) -> dict[UUID, list[Reason]]:
    """All that stands against each choice now, the turn among it, by request; the places apart."""
    lines = [line for wish in wishes for line in wish.lines]
    known = Eligibility.of(
        {line.option.offering_id: line.option.offering for line in lines}.values(),
        {line.participant_id: line.participant for line in lines}.values(),
        guardian_id=guardian_id,
        at=at,
        zone=organisation.profile().zone,
    )
    found = {
        choice.request.id: [reason for line in choice.lines for reason in known.against(line.option, line.participant)]
        for wish in wishes
        for choice in wish.choices
    }
    return {request_id: reasons for request_id, reasons in found.items() if reasons}


def _takes(
    wishes: Sequence[Wish], against: Mapping[UUID, object], at: datetime
) -> tuple[dict[UUID, Mapping[str, int]], Free]:
    """What each choice uses, limits of the family included, and what is free."""
    bounds = problem.bounds_of(wishes, at=at, zone=organisation.profile().zone)
    closed = problem.closed_in(wishes) | set(against)
    left = queries.places_left({line.option_id for wish in wishes for line in wish.lines}, at=at)
    takes: dict[UUID, Mapping[str, int]] = {}
    for choice in (choice for wish in wishes for choice in wish.choices):
        used: Counter[str] = Counter(bounds.used.get(choice.request.id, {}))
        for line in choice.lines:
            used[str(line.option_id)] += line.quantity
        takes[choice.request.id] = {problem.CLOSED: 1} if choice.request.id in closed else used
    return takes, {**{str(key): value for key, value in left.items()}, **bounds.free, problem.CLOSED: 0}


def _plan(wishes: Sequence[Wish], takes: Mapping[UUID, Mapping[str, int]], free: Free) -> Plan:
    """As a draw with one family in it."""
    plan = []
    for wish in wishes:
        number = algorithm.take(free, [takes[choice.request.id] for choice in wish.choices])
        if number is not None:
            plan.append((wish, wish.choices[number - 1]))
    return plan


def _learn(free: Free, plan: Plan, full: Sequence[UUID]) -> None:
    """Somebody was quicker: there is less of these than was asked."""
    asked = Counter({str(line.option_id): 0 for _wish, choice in plan for line in choice.lines})
    for _wish, choice in plan:
        for line in choice.lines:
            asked[str(line.option_id)] += line.quantity
    for option_id in full:
        free[str(option_id)] = asked[str(option_id)] - 1


def _hold(guardian_id: UUID, plan: Plan, actor: Actor, at: datetime) -> list[Registration]:
    basket = operations.open_basket(guardian_id=guardian_id, at=at)
    claims = [
        Claim(
            participant_id=line.participant_id,
            option_id=line.option_id,
            quantity=line.quantity,
            contact_email=line.contact_email,
            submission_id=line.submission_id,
            consent_id=line.consent_id,
        )
        for _wish, choice in plan
        for line in choice.lines
    ]
    return operations.hold(basket_id=basket.id, claims=claims, actor=actor, at=at)


def _fulfil(plan: Plan, at: datetime) -> None:
    """What was wished for lies in the basket from now on, like anything that one took oneself."""
    for wish, chosen in plan:
        _end([choice for choice in wish.choices if choice is not chosen], RequestStatus.SUPERSEDED, at)
        own = PlaceRequest.objects.filter(pk=chosen.request.id)
        move_requests(own, RequestStatus.OFFERED, offered_at=at)
        _end([chosen], RequestStatus.TAKEN, at)


def _end(choices: Sequence[Choice], status: RequestStatus, at: datetime) -> None:
    move_requests(PlaceRequest.objects.filter(pk__in=[choice.request.id for choice in choices]), status, ended_at=at)
    rows = [line.id for choice in choices for line in choice.lines]
    move(Registration.objects.filter(pk__in=rows, status=Status.REQUESTED), Status.RELEASED, ended_at=at)
