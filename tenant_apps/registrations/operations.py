"""The moves of a registration: hold, release, check out, confirm. Each is one transaction."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from kernel.database import lock
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.catalog.eligibility import Eligibility
from tenant_apps.catalog.models import Option, Selection
from tenant_apps.catalog.reasons import Code
from tenant_apps.families import queries as families
from tenant_apps.families.models import Guardianship, Participant
from tenant_apps.organisation import queries as organisation
from tenant_apps.registrations import errors, places
from tenant_apps.registrations.claims import Claim
from tenant_apps.registrations.models import Basket, Places, Registration, Status
from tenant_apps.registrations.states import PENDING, TAKING, move

# Starting to pay leaves at least this long to finish, once.
TIME_TO_PAY = timedelta(minutes=60)
# What a place kept ahead waits for: the opening, and the answer itself.
_AWAITED = {Code.NOT_OPEN_YET, Code.SUPPORT_NEEDED, Code.SUPPORT_PENDING, Code.SUPPORT_REFUSED}


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
    _check_allowed(basket, claims, options, participants, at, is_ahead=ahead_until is not None)
    registrations = [_registration(basket, claim, options[claim.option_id], at) for claim in claims]
    if ahead_until is not None:
        for registration in registrations:
            registration.held_until = ahead_until
    _insert(registrations, options)
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
        raise errors.OptionFull(gone.option_ids, [options[option_id].name for option_id in gone.option_ids]) from None
    return registrations


@operation
def release(*, basket_id: UUID, registration_ids: Sequence[UUID], actor: Actor, at: datetime) -> None:
    """Take lines out of a basket and free their places. What was already released stays so."""
    basket = _locked_basket(basket_id)
    released = places.free(_pending(basket, registration_ids), at=at)
    if released:
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
    """Move what the basket holds to « awaiting payment », with time enough to pay. Raises BasketEmpty."""
    basket = _locked_basket(basket_id)
    _let_go_of_hidden(basket, at)
    in_basket = Registration.objects.filter(basket=basket)
    unextended = in_basket.filter(status=Status.HELD, extended_at=None)
    unextended.filter(held_until__lt=at + TIME_TO_PAY).update(held_until=at + TIME_TO_PAY)
    unextended.update(extended_at=at)
    move(in_basket, Status.AWAITING_PAYMENT)
    # Read only now: a hold that had run out may have been given to somebody else until its row was written.
    kept = in_basket.filter(status=Status.AWAITING_PAYMENT).select_related("option__offering", "participant")
    if not kept:
        raise errors.BasketEmpty
    return list(kept)


@operation
def return_to_basket(*, basket_id: UUID) -> None:
    """Undo `begin_check_out`. The caller has made sure that no payment can still succeed."""
    _locked_basket(basket_id)
    move(Registration.objects.filter(basket_id=basket_id, status=Status.AWAITING_PAYMENT), Status.HELD)


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


@operation
def close_if_done(*, basket_id: UUID, at: datetime) -> None:
    """Close a basket in which nothing is pending any more: the next claim opens a new one."""
    if not Registration.objects.filter(basket_id=basket_id, status__in=PENDING).exists():
        Basket.objects.filter(pk=basket_id, closed_at=None).update(closed_at=at)


@operation
def sweep(*, at: datetime) -> int:
    """Release the holds that ran out. Returns how many."""
    return places.release_lapsed(at=at)


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


def _check_allowed(
    basket: Basket,
    claims: Sequence[Claim],
    options: dict[UUID, Option],
    participants: dict[UUID, Participant],
    at: datetime,
    *,
    is_ahead: bool,
) -> None:
    known = Eligibility.of(
        {option.offering_id: option.offering for option in options.values()}.values(),
        participants.values(),
        guardian_id=basket.guardian_id,
        at=at,
        zone=organisation.profile().zone,
    )
    for claim in claims:
        option = options[claim.option_id]
        if not 1 <= claim.quantity <= option.maximum_quantity:
            raise errors.QuantityRefused(name=option.name, maximum=option.maximum_quantity)
        reasons = known.against(option, participants[claim.participant_id])
        if is_ahead:
            reasons = [reason for reason in reasons if reason.code not in _AWAITED]
        if reasons:
            raise errors.NotAllowed(reasons)


def _registration(basket: Basket, claim: Claim, option: Option, at: datetime) -> Registration:
    return Registration(
        basket=basket,
        participant_id=claim.participant_id,
        option=option,
        quantity=claim.quantity,
        unit_cents=option.price_cents,
        amount_cents=option.price_cents * claim.quantity,
        is_single=option.offering.selection != Selection.QUANTITIES,
        held_until=at + timedelta(minutes=option.offering.hold_minutes),
        contact_email=claim.contact_email,
        submission_id=claim.submission_id,
        consent_id=claim.consent_id,
        created_at=at,
    )


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
        raise errors.AlreadyRegistered([options[option_id].name for option_id in taken]) from None


def _win_back(registration: Registration, at: datetime) -> None:
    option = registration.option
    try:
        with transaction.atomic():
            if _confirm_from((Status.RELEASED,), registration, at):
                places.take({option.id: registration.quantity}, at=at)
                return
    except (places.PlacesGone, IntegrityError):
        raise errors.OptionFull([option.id], [option.name]) from None
    if not Registration.objects.filter(pk=registration.pk, status=Status.CONFIRMED).exists():
        raise errors.OptionFull([option.id], [option.name])


def _confirm_from(states: Sequence[Status], registration: Registration, at: datetime) -> bool:
    unmoved = Registration.objects.filter(pk=registration.pk, status__in=states)
    return move(unmoved, Status.CONFIRMED, confirmed_at=at, ended_at=None) == 1
