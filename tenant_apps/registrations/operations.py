"""The moves of a registration: hold, release, check out, confirm. Each is one transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet, Value
from django.db.models.functions import Greatest

from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.catalog.eligibility import counts
from tenant_apps.families import queries as families
from tenant_apps.registrations import (
    baskets,
    capacities,
    checks,
    counters,
    errors,
    freeing,
    giving_up,
    locks,
    making,
    offers,
    places,
    repricing,
    requests,
    serving,
    unfinished,
)
from tenant_apps.registrations.claims import Claim
from tenant_apps.registrations.models import Basket, Registration, RequestStatus, Status
from tenant_apps.registrations.states import PENDING, move

# Starting to pay leaves at least this long to finish, once.
TIME_TO_PAY = timedelta(minutes=60)


@operation
def open_basket(*, guardian_id: UUID, at: datetime) -> Basket:
    """The guardian's basket, made if there is none."""
    return baskets.open_for(guardian_id, at)


@operation
def hold(
    *,
    basket_id: UUID,
    claims: Sequence[Claim],
    actor: Actor,
    at: datetime,
    replacing: Sequence[UUID] = (),
    ahead_until: datetime | None = None,
    instead_of: UUID | None = None,
) -> list[Registration]:
    """Keep the places of all the claims, or of none.

    `replacing` are registrations of the same basket that these claims stand for: they are released first, and what
    stays as it was keeps its place and its deadline.
    `ahead_until`: kept until then, before the opening if need be, while a request is studied (registrations.support).
    `instead_of`: a confirmed one that is given up once these are confirmed: no rule counts it beside them.
    Raises OptionFull, NotAllowed, AlreadyRegistered, QuantityRefused, ParticipantUnknown, BeingPaid or BasketClosed.
    """
    basket = baskets.locked(basket_id)
    replaced = _let_go_of_replaced(basket, replacing, at) if replacing else []
    options = making.options_of(claims)
    participants = making.participants_of(basket.guardian_id, claims)
    checks.quantities(claims, options)
    if any(counts(option.offering, option) for option in options.values()):
        locks.those_who_count(basket.guardian_id, list(participants))
    registrations = [
        making.registration_of(basket, claim, options[claim.option_id], participants[claim.participant_id], at)
        for claim in claims
    ]
    for registration in registrations:
        making.inherit(registration, replaced)
        registration.replaces_id = instead_of
    repricing.save_prices(basket, repricing.held_in([basket.id]), new=registrations, at=at)
    checks.amounts(registrations)
    if ahead_until is not None:
        for registration in registrations:
            registration.held_until = ahead_until
    making.insert(registrations, options)
    # Only now: what is asked at once is judged together, as three weeks against « deux semaines au plus ».
    checks.eligibility(
        claims,
        options,
        participants,
        guardian_id=basket.guardian_id,
        at=at,
        is_ahead=ahead_until is not None,
        replacing=[] if instead_of is None else [instead_of],
    )
    audit.record(
        action="registrations.held",
        subject="basket",
        subject_id=basket.id,
        actor=actor,
        at=at,
        details={"registrations": [str(registration.id) for registration in registrations]},
    )
    try:
        freeing.exchange(replaced, counters.wanted(registrations), at=at)
    except places.PlacesGone as gone:
        raise errors.OptionFull(gone.option_ids, [str(options[option_id]) for option_id in gone.option_ids]) from None
    return registrations


@operation
def release(*, basket_id: UUID, registration_ids: Sequence[UUID], actor: Actor, at: datetime) -> None:
    """Take lines out of a basket and free their places. What was already released stays so.

    What was offered together is refused together. Raises BasketClosed, and BeingPaid: its page may still be paid.
    """
    basket = baskets.locked(basket_id)
    released = freeing.free(_held(basket, registration_ids), at=at)
    if released:
        repricing.save_prices(basket, repricing.held_in([basket_id]), at=at)
        audit.record(
            action="registrations.released",
            subject="basket",
            subject_id=basket_id,
            actor=actor,
            at=at,
            details={"registrations": [str(registration_id) for registration_id in registration_ids]},
        )


@operation
def begin_check_out(*, basket_id: UUID, at: datetime) -> list[Registration]:
    """Move what the basket holds to « awaiting payment », with time enough to pay.

    Raises BasketEmpty, NotFilledIn, or NotAllowed for an offer that other choices have overtaken.
    """
    basket = baskets.locked(basket_id)
    _let_go_of_hidden(basket, at)
    in_basket = Registration.objects.filter(basket=basket)
    begun = set(in_basket.filter(status=Status.HELD).values_list("id", flat=True))
    unextended = in_basket.filter(status=Status.HELD, extended_at=None)
    unextended.update(held_until=Greatest("held_until", Value(at + TIME_TO_PAY)), extended_at=at)
    move(in_basket, Status.AWAITING_PAYMENT)
    # Read only now: a hold that had run out may have been given to somebody else until its row was written.
    kept = list(in_basket.filter(status=Status.AWAITING_PAYMENT).select_related("option__offering", "participant"))
    if not kept:
        raise errors.BasketEmpty
    for registration in kept:
        registration.basket = basket
    newly = [registration for registration in kept if registration.id in begun]
    if unfinished.first_of(newly):
        raise errors.NotFilledIn
    offers.refuse_what_counts(newly, guardian_id=basket.guardian_id, at=at)
    repricing.save_prices(basket, newly, at=at)
    return kept


@operation
def return_to_basket(*, basket_id: UUID, at: datetime) -> None:
    """Undo `begin_check_out`. The caller has made sure that no payment can still succeed."""
    basket = baskets.locked(basket_id)
    move(Registration.objects.filter(basket_id=basket_id, status=Status.AWAITING_PAYMENT), Status.HELD)
    repricing.save_prices(basket, repricing.held_in([basket_id]), at=at)


@operation
def confirm(*, registration_id: UUID, at: datetime) -> Registration:
    """Make a registration definitive. Confirming twice is confirming once.

    One whose hold ran out takes its place again if it is free; else raises OptionFull.
    """
    is_new = _confirm_from(PENDING, registration_id, at)
    registration = Registration.objects.get(pk=registration_id)
    if not is_new:
        is_new = _win_back(registration, at)
        registration.refresh_from_db()
    if is_new:
        _conclude(registration, at)
    return registration


@operation
def release_unpaid(*, registration_ids: Sequence[UUID], at: datetime) -> None:
    """Free what awaited a payment that the processor has confirmed will not come."""
    unpaid = Registration.objects.filter(pk__in=registration_ids)
    of_baskets = _baskets(unpaid)
    # The baskets before the places, as everywhere; one that is closed already changes no more.
    Basket.objects.filter(pk__in=of_baskets, closed_at=None).update(closed_at=None)
    freeing.free(unpaid.filter(status__in=PENDING), at=at, ended=RequestStatus.LAPSED)
    for basket_id in of_baskets:
        repricing.reprice_basket(basket_id=basket_id, at=at)


@operation
def give_time(*, registration_ids: Sequence[UUID], until: datetime) -> None:
    """Keep what awaits its payment until then at least: the bank refused days later what seemed to be paid."""
    unpaid = Registration.objects.filter(pk__in=registration_ids, status=Status.AWAITING_PAYMENT)
    unpaid.update(held_until=Greatest("held_until", Value(until)))


@operation
def close_if_done(*, basket_id: UUID, at: datetime) -> None:
    """Close a basket in which nothing is pending any more: the next claim opens a new one."""
    if not Registration.objects.filter(basket_id=basket_id, status__in=PENDING).exists():
        Basket.objects.filter(pk=basket_id, closed_at=None).update(closed_at=at)


def sweep(*, at: datetime) -> int:
    """Release the holds that ran out, and price again what remains beside them. Returns how many."""
    released = 0
    for basket_id in _baskets(Registration.objects.filter(status=Status.HELD, held_until__lte=at)):
        released += _release_lapsed(basket_id=basket_id, at=at)
        repricing.reprice_basket(basket_id=basket_id, at=at)
    _bring_home(at=at)
    requests.leave_what_is_had(at=at)
    serving.serve_the_overlooked(at=at)
    return released


@operation
def set_capacity(*, option_id: UUID, capacity: int | None, actor: Actor, at: datetime) -> None:
    """Say how many places an option, or a quota, has; None for unlimited. Raises CapacityBelowTaken."""
    capacities.put(capacities={option_id: capacity}, actor=actor, at=at)


@operation
def _release_lapsed(*, basket_id: UUID, at: datetime) -> int:
    """A basket at a time: what it holds together lapses together, and nobody waits for all of them."""
    lapsed = Registration.objects.filter(basket_id=basket_id, status=Status.HELD, held_until__lte=at)
    return freeing.free(lapsed, at=at, ended=RequestStatus.LAPSED)


@operation
def _bring_home(*, at: datetime) -> None:
    """A basket that was closed while a place was being offered into it: the place joins the one that is open now."""
    offered = Registration.objects.filter(
        status=Status.HELD, request__status=RequestStatus.OFFERED, basket__closed_at__isnull=False
    )
    for registration in offered.select_related("request"):
        if registration.request is not None:
            basket = baskets.open_for(registration.request.guardian_id, at)
            Registration.objects.filter(pk=registration.pk, status=Status.HELD).update(basket=basket)


def _baskets(registrations: QuerySet[Registration]) -> list[UUID]:
    return list(registrations.order_by("basket_id").values_list("basket_id", flat=True).distinct())


def _let_go_of_hidden(basket: Basket, at: datetime) -> None:
    """What was held for a participant from whom the guardian is kept away since is not theirs to pay."""
    hidden = families.hidden_from(basket.guardian_id)
    freeing.free(Registration.objects.filter(basket=basket, status=Status.HELD, participant_id__in=hidden), at=at)


def _let_go_of_replaced(basket: Basket, replacing: Sequence[UUID], at: datetime) -> list[Registration]:
    """What ran out is nobody's any more: its place is for who waits. Returns the others, whose places are kept."""
    lines = _held(basket, replacing)
    lapsed = [line for line in lines if line.held_until <= at]
    freeing.free(lapsed, at=at, ended=RequestStatus.LAPSED)
    return freeing.let_go([line for line in lines if line not in lapsed], at=at)


def _held(basket: Basket, registration_ids: Sequence[UUID]) -> list[Registration]:
    """Raises BeingPaid."""
    pending = list(Registration.objects.filter(basket=basket, pk__in=registration_ids, status__in=PENDING))
    if any(line.status == Status.AWAITING_PAYMENT for line in pending):
        raise errors.BeingPaid
    return pending


def _conclude(registration: Registration, at: datetime) -> None:
    """What it was asked by has it now, and what it stands for is given up."""
    if registration.request_id is not None:
        requests.settle([registration], ended=RequestStatus.REFUSED, at=at)
        serving.serve([registration.option_id], at=at)
    if registration.replaces_id is not None:
        giving_up.replaced(registration, registration.replaces_id, at=at)


def _win_back(registration: Registration, at: datetime) -> bool:
    """From who let it lapse, or waits again. False where it is confirmed already."""
    option = registration.option
    try:
        with transaction.atomic():
            if _confirm_from((Status.RELEASED, Status.REQUESTED), registration.id, at):
                freeing.exchange([], {option.id: registration.quantity}, at=at)
                return True
    except (places.PlacesGone, IntegrityError):
        raise errors.OptionFull([option.id], [str(option)]) from None
    if not Registration.objects.filter(pk=registration.pk, status=Status.CONFIRMED).exists():
        raise errors.OptionFull([option.id], [str(option)])
    return False


def _confirm_from(states: Sequence[Status], registration_id: UUID, at: datetime) -> bool:
    unmoved = Registration.objects.filter(pk=registration_id, status__in=states)
    return move(unmoved, Status.CONFIRMED, confirmed_at=at, ended_at=None) == 1
