"""Waiting for places that are taken (O-06): asking, leaving, refusing an offer, and what staff do for who waits."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Prefetch, QuerySet

from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.catalog.eligibility import counts
from tenant_apps.catalog.models import Option
from tenant_apps.families import queries as families
from tenant_apps.families.models import Participant
from tenant_apps.registrations import (
    baskets,
    checks,
    counting,
    errors,
    freeing,
    locks,
    making,
    pricing,
    requests,
    serving,
    waiting_terms,
)
from tenant_apps.registrations.claims import Claim
from tenant_apps.registrations.models import Basket, PlaceRequest, Registration, RequestStatus, Status

_LIVE = (RequestStatus.WAITING, RequestStatus.OFFERED)


@operation
def ask(
    *, guardian_id: UUID, claims: Sequence[Claim], together: bool, actor: Actor, at: datetime
) -> list[PlaceRequest]:
    """One request for all the claims, which are to be had together, or one for each of them.

    Raises NotFull, NoWaitingList, AlreadyWaiting, AlreadyRegistered, NotAllowed for what else stands against it,
    QuantityRefused or ParticipantUnknown.
    """
    basket = baskets.locked(baskets.open_for(guardian_id, at).id)
    options = making.options_of(claims)
    participants = making.participants_of(guardian_id, claims)
    checks.quantities(claims, options)
    _refuse_without_list(options.values())
    if any(counts(option.offering, option) for option in options.values()):
        locks.those_who_count(guardian_id, list(participants))
    groups = [claims] if together else [[claim] for claim in claims]
    _refuse_places_left(groups, options, at)
    asked = [_one(basket, group, options, participants, at) for group in groups]
    serving.serve(options, at=at)
    for request in asked:
        _record("registrations.waiting", request.id, actor, at)
    return asked


@operation
def leave(*, request_id: UUID, guardian_id: UUID, actor: Actor, at: datetime) -> None:
    """Raises PlaceRequest.DoesNotExist and NotWaiting."""
    _drop(PlaceRequest.objects.get(pk=request_id, guardian_id=guardian_id), actor, at)


@operation
def remove(*, request_id: UUID, actor: Actor, at: datetime) -> None:
    """By staff. Raises PlaceRequest.DoesNotExist and NotWaiting."""
    _drop(PlaceRequest.objects.get(pk=request_id), actor, at)


@operation
def refuse(*, request_id: UUID, guardian_id: UUID, actor: Actor, at: datetime) -> None:
    """The offered places are free, and the request keeps its rank, loses it or ends, by rule.

    Raises PlaceRequest.DoesNotExist, NotOffered and BeingPaid.
    """
    request = PlaceRequest.objects.get(pk=request_id, guardian_id=guardian_id)
    lines = list(request.registrations.filter(status__in=[Status.HELD, Status.AWAITING_PAYMENT]))
    if any(line.status == Status.AWAITING_PAYMENT for line in lines):
        raise errors.BeingPaid
    if not freeing.free(lines, at=at):
        raise errors.NotOffered
    _record("registrations.refused", request_id, actor, at)


@operation
def offer(*, request_id: UUID, actor: Actor, at: datetime) -> None:
    """By staff, whatever its rank. Raises NotWaiting and OptionFull."""
    serving.serve_by_hand(request_id=request_id, actor=actor, at=at)


def ranks(of_requests: Iterable[PlaceRequest]) -> dict[tuple[UUID, UUID], int]:
    """By request and option, the first being 1; nothing for those that do not wait."""
    wanted = {request.pk for request in of_requests}
    waiting = Registration.objects.filter(status=Status.REQUESTED, request__status=RequestStatus.WAITING)
    options = waiting.filter(request__in=wanted).order_by().values("option_id")
    in_order = waiting.filter(option__in=options).order_by("request__queued_at", "request__drawn", "request_id")
    lists: dict[UUID, list[UUID]] = {}
    for option_id, request_id in in_order.values_list("option_id", "request_id"):
        before = lists.setdefault(option_id, [])
        if request_id not in before[-1:]:
            before.append(request_id)
    return {
        (request_id, option_id): place
        for option_id, every in lists.items()
        for place, request_id in enumerate(every, start=1)
        if request_id in wanted
    }


def of_guardian(guardian_id: UUID) -> list[PlaceRequest]:
    """What waits, or is offered; nothing of a participant from whom the guardian is kept away."""
    own = _with_names(PlaceRequest.objects.filter(guardian_id=guardian_id, status__in=_LIVE))
    hidden = families.hidden_from(guardian_id)
    return list(own.exclude(registrations__participant__in=hidden))


def of_offering(offering_id: UUID) -> list[PlaceRequest]:
    """The same of an offering, by rank."""
    of_options = Registration.objects.filter(option__offering_id=offering_id, request__status__in=_LIVE)
    found = PlaceRequest.objects.filter(pk__in=of_options.order_by().values("request_id"), status__in=_LIVE)
    return list(_with_names(found).select_related("guardian"))


def _with_names(found: QuerySet[PlaceRequest]) -> QuerySet[PlaceRequest]:
    live = Registration.objects.exclude(status=Status.RELEASED).select_related("participant", "option__offering")
    return found.prefetch_related(Prefetch("registrations", queryset=live))


def _refuse_without_list(options: Iterable[Option]) -> None:
    usual = waiting_terms.usual()
    if not all(waiting_terms.has_list_in(usual, option.offering) for option in options):
        raise errors.NoWaitingList


def _one(
    basket: Basket,
    claims: Sequence[Claim],
    options: dict[UUID, Option],
    participants: dict[UUID, Participant],
    at: datetime,
) -> PlaceRequest:
    """Written as if it were held for a moment, so that the same rules judge it, all of it together."""
    request = PlaceRequest.objects.create(
        guardian_id=basket.guardian_id, status=RequestStatus.WAITING, asked_at=at, queued_at=at
    )
    registrations = [
        making.registration_of(basket, claim, options[claim.option_id], participants[claim.participant_id], at)
        for claim in claims
    ]
    for registration in registrations:
        registration.request = request
    pricing.put_prices(basket, registrations, at=at)
    checks.amounts(registrations)
    making.insert(registrations, options)
    checks.eligibility(claims, options, participants, guardian_id=basket.guardian_id, at=at, is_ahead=False)
    try:
        with transaction.atomic():
            Registration.objects.filter(request=request).update(status=Status.REQUESTED)
    except IntegrityError:
        names = [str(options[key]) for key in making.had_once(registrations, [Status.REQUESTED])]
        raise errors.AlreadyWaiting(names) from None
    return request


def _refuse_places_left(groups: Sequence[Sequence[Claim]], options: dict[UUID, Option], at: datetime) -> None:
    """The counters are locked: what comes free from here on finds these requests. Raises NotFull."""
    serving.lock_counters(counting.reach(options))
    for claims in groups:
        wanted = Counter({claim.option_id: 0 for claim in claims})
        for claim in claims:
            wanted[claim.option_id] += claim.quantity
        freeing.make_room(wanted, at=at)
        if not counting.options_in_the_way(wanted):
            raise errors.NotFull(names=", ".join(str(options[key]) for key in wanted))


def _drop(request: PlaceRequest, actor: Actor, at: datetime) -> None:
    if not requests.drop([request], RequestStatus.LEFT, at=at):
        raise errors.NotWaiting
    _record("registrations.left", request.id, actor, at)


def _record(action: str, request_id: UUID, actor: Actor, at: datetime) -> None:
    audit.record(action=action, subject="request", subject_id=request_id, actor=actor, at=at)
