"""The moves of a registration: hold, release, check out, confirm. Each is one transaction."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from kernel.database import lock
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.catalog.eligibility import counts
from tenant_apps.catalog.models import Option, Selection
from tenant_apps.families import queries as families
from tenant_apps.families.models import Guardianship, Participant
from tenant_apps.registrations import checks, errors, locks, places, repricing, unfinished
from tenant_apps.registrations.claims import Claim
from tenant_apps.registrations.models import Basket, Places, Registration, Status
from tenant_apps.registrations.states import PENDING, TAKING, move

# Starting to pay leaves at least this long to finish, once.
TIME_TO_PAY = timedelta(minutes=60)
# A voluntary contribution beyond this is a mistyped one.
MOST_GIVEN_CENTS = 1_000_000


@operation
def open_basket(*, guardian_id: UUID, at: datetime) -> Basket:
    """The guardian's basket, made if there is none."""
    basket, _ = Basket.objects.get_or_create(guardian_id=guardian_id, closed_at=None, defaults={"created_at": at})
    return basket


@operation
def hold(
    *,
    basket_id: UUID,
    claims: Sequence[Claim],
    actor: Actor,
    at: datetime,
    replacing: Sequence[UUID] = (),
    ahead_until: datetime | None = None,
) -> list[Registration]:
    """Keep the places of all the claims, or of none.

    `replacing` are registrations of the same basket that these claims stand for: they are released first.
    `ahead_until`: kept until then, before the opening if need be, while a request is studied (registrations.support).
    Raises OptionFull, NotAllowed, AlreadyRegistered, QuantityRefused, ParticipantUnknown or BasketClosed.
    """
    basket = _locked_basket(basket_id)
    if replacing:
        places.free(_pending(basket, replacing), at=at)
    options = _options(claims)
    participants = _participants(basket, claims)
    checks.quantities(claims, options)
    if any(counts(option.offering, option) for option in options.values()):
        locks.those_who_count(basket.guardian_id, list(participants))
    registrations = [
        _registration(basket, claim, options[claim.option_id], participants[claim.participant_id], at)
        for claim in claims
    ]
    repricing.save_prices(basket, repricing.held_in([basket.id]), new=registrations, at=at)
    checks.amounts(registrations)
    if ahead_until is not None:
        for registration in registrations:
            registration.held_until = ahead_until
    _insert(registrations, options)
    # Only now: what is asked at once is judged together, as three weeks against « deux semaines au plus ».
    is_ahead = ahead_until is not None
    checks.eligibility(claims, options, participants, guardian_id=basket.guardian_id, at=at, is_ahead=is_ahead)
    audit.record(
        action="registrations.held",
        subject="basket",
        subject_id=basket.id,
        actor=actor,
        at=at,
        details={"registrations": [str(registration.id) for registration in registrations]},
    )
    demand: Counter[UUID] = Counter()
    for claim in claims:
        demand[claim.option_id] += claim.quantity
    try:
        places.take(demand, at=at)
    except places.PlacesGone as gone:
        raise errors.OptionFull(gone.option_ids, [str(options[option_id]) for option_id in gone.option_ids]) from None
    return registrations


@operation
def release(*, basket_id: UUID, registration_ids: Sequence[UUID], actor: Actor, at: datetime) -> None:
    """Take lines out of a basket and free their places. What was already released stays so."""
    basket = _locked_basket(basket_id)
    released = places.free(_pending(basket, registration_ids), at=at)
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

    Raises BasketEmpty or NotFilledIn.
    """
    basket = _locked_basket(basket_id)
    _let_go_of_hidden(basket, at)
    in_basket = Registration.objects.filter(basket=basket)
    begun = set(in_basket.filter(status=Status.HELD).values_list("id", flat=True))
    unextended = in_basket.filter(status=Status.HELD, extended_at=None)
    unextended.filter(held_until__lt=at + TIME_TO_PAY).update(held_until=at + TIME_TO_PAY)
    unextended.update(extended_at=at)
    move(in_basket, Status.AWAITING_PAYMENT)
    # Read only now: a hold that had run out may have been given to somebody else until its row was written.
    kept = list(in_basket.filter(status=Status.AWAITING_PAYMENT).select_related("option__offering", "participant"))
    if not kept:
        raise errors.BasketEmpty
    newly = [registration for registration in kept if registration.id in begun]
    if unfinished.first_of(newly):
        raise errors.NotFilledIn
    repricing.save_prices(basket, newly, at=at)
    return kept


@operation
def return_to_basket(*, basket_id: UUID, at: datetime) -> None:
    """Undo `begin_check_out`. The caller has made sure that no payment can still succeed."""
    basket = _locked_basket(basket_id)
    move(Registration.objects.filter(basket_id=basket_id, status=Status.AWAITING_PAYMENT), Status.HELD)
    repricing.save_prices(basket, repricing.held_in([basket_id]), at=at)


@operation
def confirm(*, registration_id: UUID, at: datetime) -> Registration:
    """Make a registration definitive. Confirming twice is confirming once.

    One whose hold ran out takes its place again if it is free; else raises OptionFull.
    """
    registration = Registration.objects.select_related("option").get(pk=registration_id)
    if not _confirm_from(PENDING, registration, at):
        _win_back(registration, at)
    registration.refresh_from_db()
    return registration


@operation
def release_unpaid(*, registration_ids: Sequence[UUID], at: datetime) -> None:
    """Free what awaited a payment that the processor has confirmed will not come."""
    places.free(Registration.objects.filter(pk__in=registration_ids, status__in=PENDING), at=at)
    for basket_id in _baskets(Registration.objects.filter(pk__in=registration_ids)):
        repricing.reprice_basket(basket_id=basket_id, at=at)


@operation
def close_if_done(*, basket_id: UUID, at: datetime) -> None:
    """Close a basket in which nothing is pending any more: the next claim opens a new one."""
    if not Registration.objects.filter(basket_id=basket_id, status__in=PENDING).exists():
        Basket.objects.filter(pk=basket_id, closed_at=None).update(closed_at=at)


def sweep(*, at: datetime) -> int:
    """Release the holds that ran out, and price again what remains beside them. Returns how many."""
    baskets = _baskets(Registration.objects.filter(status=Status.HELD, held_until__lte=at))
    released = _release_lapsed(at=at)
    for basket_id in baskets:
        repricing.reprice_basket(basket_id=basket_id, at=at)
    return released


@operation
def set_capacity(*, option_id: UUID, capacity: int | None, actor: Actor, at: datetime) -> None:
    """Say how many places an option has; None for unlimited. Raises CapacityBelowTaken."""
    row, _ = Places.objects.get_or_create(option_id=option_id)
    fits = Q() if capacity is None else Q(taken__lte=capacity)
    if not Places.objects.filter(fits, option_id=option_id).update(capacity=capacity):
        row.refresh_from_db()
        raise errors.CapacityBelowTaken(taken=row.taken)
    audit.record(
        action="registrations.capacity_set",
        subject="option",
        subject_id=option_id,
        actor=actor,
        at=at,
        details={"capacity": capacity},
    )


@operation
def _release_lapsed(*, at: datetime) -> int:
    return places.release_lapsed(at=at)


def _baskets(registrations: QuerySet[Registration]) -> list[UUID]:
    return list(registrations.order_by("basket_id").values_list("basket_id", flat=True).distinct())


def _locked_basket(basket_id: UUID) -> Basket:
    """Serialise what touches one basket: two tabs of a family wait for each other here."""
    # A write takes the lock: SELECT … FOR UPDATE alone loses updates while a schema moves between machines.
    if not Basket.objects.filter(pk=basket_id, closed_at=None).update(closed_at=None):
        raise errors.BasketClosed
    return Basket.objects.get(pk=basket_id)


def _let_go_of_hidden(basket: Basket, at: datetime) -> None:
    """What was held for a participant from whom the guardian is kept away since is not theirs to pay."""
    hidden = families.hidden_from(basket.guardian_id)
    places.free(Registration.objects.filter(basket=basket, status=Status.HELD, participant_id__in=hidden), at=at)


def _pending(basket: Basket, registration_ids: Sequence[UUID]) -> list[Registration]:
    return list(Registration.objects.filter(basket=basket, pk__in=registration_ids, status__in=PENDING))


def _options(claims: Sequence[Claim]) -> dict[UUID, Option]:
    wanted = {claim.option_id for claim in claims}
    return Option.objects.select_related("offering__season", "offering__category").in_bulk(list(wanted))


def _participants(basket: Basket, claims: Sequence[Claim]) -> dict[UUID, Participant]:
    wanted = {claim.participant_id for claim in claims}
    # Held until the end: a block, or a merge of two records, comes before this registration or finds it.
    own = Guardianship.objects.filter(guardian_id=basket.guardian_id, participant_id__in=wanted, is_blocked=False)
    participants = {link.participant_id: link.participant for link in lock(own.select_related("participant"))}
    if set(participants) != wanted:
        raise errors.ParticipantUnknown
    return participants


def _registration(basket: Basket, claim: Claim, option: Option, participant: Participant, at: datetime) -> Registration:
    return Registration(
        basket=basket,
        participant=participant,
        option=option,
        quantity=claim.quantity,
        unit_cents=_unit_cents(claim, option),
        is_single=option.offering.selection != Selection.QUANTITIES,
        held_until=at + timedelta(minutes=option.offering.hold_minutes),
        contact_email=claim.contact_email,
        submission_id=claim.submission_id,
        consent_id=claim.consent_id,
        created_at=at,
    )


def _unit_cents(claim: Claim, option: Option) -> int:
    """The option's price, or what a voluntary contributor says; nothing is an answer too (R-55)."""
    if not option.is_voluntary:
        return option.price_cents
    cents = claim.unit_cents or 0
    if not 0 <= cents <= MOST_GIVEN_CENTS:
        raise errors.AmountRefused(name=str(option))
    return cents


def _insert(registrations: Sequence[Registration], options: dict[UUID, Option]) -> None:
    try:
        with transaction.atomic():
            Registration.objects.bulk_create(registrations)
    except IntegrityError:
        taken = Registration.objects.filter(
            participant_id__in=[registration.participant_id for registration in registrations],
            option_id__in=options,
            is_single=True,
            status__in=TAKING,
        ).values_list("option_id", flat=True)
        raise errors.AlreadyRegistered([str(options[option_id]) for option_id in taken]) from None


def _win_back(registration: Registration, at: datetime) -> None:
    option = registration.option
    try:
        with transaction.atomic():
            if _confirm_from((Status.RELEASED,), registration, at):
                places.take({option.id: registration.quantity}, at=at)
                return
    except (places.PlacesGone, IntegrityError):
        raise errors.OptionFull([option.id], [str(option)]) from None
    if not Registration.objects.filter(pk=registration.pk, status=Status.CONFIRMED).exists():
        raise errors.OptionFull([option.id], [str(option)])


def _confirm_from(states: Sequence[Status], registration: Registration, at: datetime) -> bool:
    unmoved = Registration.objects.filter(pk=registration.pk, status__in=states)
    return move(unmoved, Status.CONFIRMED, confirmed_at=at, ended_at=None) == 1
