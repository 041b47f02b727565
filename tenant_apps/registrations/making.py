"""A claim that is made a registration: its option, its participant, its first price, its row."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from kernel.database import lock
from kernel.kept import kept
from tenant_apps.catalog.models import Option, Selection
from tenant_apps.families.models import Guardianship, Participant
from tenant_apps.registrations import errors
from tenant_apps.registrations.claims import Claim
from tenant_apps.registrations.models import Basket, Registration, Status
from tenant_apps.registrations.states import TAKING

# A voluntary contribution beyond this is a mistyped one.
MOST_GIVEN_CENTS = 1_000_000
_KEPT = ("held_until", "extended_at", "renewals", "reminded_at", "request_id")


def options_of(claims: Sequence[Claim]) -> dict[UUID, Option]:
    wanted = {claim.option_id for claim in claims}
    return {option.id: option for option in _options(list(wanted))}


@kept
def _options(ids: list[UUID]) -> QuerySet[Option]:
    return Option.objects.filter(pk__among=ids).select_related("offering__season", "offering__category").order_by()


def participants_of(guardian_id: UUID, claims: Sequence[Claim]) -> dict[UUID, Participant]:
    """Raises ParticipantUnknown."""
    wanted = {claim.participant_id for claim in claims}
    # Held until the end: a block, or a merge of two records, comes before this registration or finds it.
    own = Guardianship.objects.filter(guardian_id=guardian_id, participant_id__in=wanted, is_blocked=False)
    participants = {link.participant_id: link.participant for link in lock(own.select_related("participant"))}
    if set(participants) != wanted:
        raise errors.ParticipantUnknown
    return participants


def registration_of(
    basket: Basket, claim: Claim, option: Option, participant: Participant, at: datetime
) -> Registration:
    """Not saved, and without its price. Raises AmountRefused."""
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


def inherit(registration: Registration, replaced: Sequence[Registration]) -> None:
    """What is only written anew keeps what its deadline is, and what it was asked by."""
    for before in replaced:
        if (before.participant_id, before.option_id) == (registration.participant_id, registration.option_id):
            for name in _KEPT:
                setattr(registration, name, getattr(before, name))


def insert(registrations: Sequence[Registration], options: Mapping[UUID, Option]) -> None:
    """Raises AlreadyRegistered, or AlreadyWaiting for those that only ask."""
    try:
        with transaction.atomic():
            Registration.objects.bulk_create(registrations)
    except IntegrityError:
        is_asked = any(registration.status == Status.REQUESTED for registration in registrations)
        refusal = errors.AlreadyWaiting if is_asked else errors.AlreadyRegistered
        same = had_once(registrations, [Status.REQUESTED] if is_asked else TAKING)
        raise refusal([str(options[option_id]) for option_id in same]) from None


def had_once(registrations: Sequence[Registration], statuses: Sequence[Status]) -> list[UUID]:
    """The options that one of these participants has already, in one of these states, and cannot have twice."""
    same = Registration.objects.filter(
        participant_id__in=[registration.participant_id for registration in registrations],
        option_id__in=[registration.option_id for registration in registrations],
        is_single=True,
        status__in=statuses,
    )
    pairs = {(registration.participant_id, registration.option_id) for registration in registrations}
    found = same.values_list("participant_id", "option_id")
    return [option_id for participant_id, option_id in found if (participant_id, option_id) in pairs]


def _unit_cents(claim: Claim, option: Option) -> int:
    """The option's price, or what a voluntary contributor says; nothing is an answer too (R-55)."""
    if not option.is_voluntary:
        return option.price_cents
    cents = claim.unit_cents or 0
    if not 0 <= cents <= MOST_GIVEN_CENTS:
        raise errors.AmountRefused(name=str(option))
    return cents
