"""What a family wishes for before an opening: for each need its choices in order, each to be had whole (O-03, O-04)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from kernel.database import unique
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.catalog.models import Option
from tenant_apps.families import locks as family_locks
from tenant_apps.families.models import Participant
from tenant_apps.registrations import checks, making, operations
from tenant_apps.registrations.claims import Claim
from tenant_apps.registrations.lottery import errors, judging, shape
from tenant_apps.registrations.lottery.gathering import gathering
from tenant_apps.registrations.models import Basket, PlaceRequest, Registration, RequestStatus, Status
from tenant_apps.registrations.states import move, move_requests

# The submission and the consent of each child and offering.
_Known = dict[tuple[UUID, UUID], tuple[UUID | None, UUID | None]]


@operation
def say(
    *,
    opening_id: UUID,
    guardian_id: UUID,
    group: UUID | None,
    choices: Sequence[Sequence[Claim]],
    actor: Actor,
    at: datetime,
) -> list[PlaceRequest]:
    """Put one wish in place of what `group` said before, or beside the others where it is None.

    `choices` are in the order of preference; the claims of each are to be had together. Nothing is kept yet.
    Raises NotGathering, NotAllowed, ParticipantUnknown, QuantityRefused and the refusals of this room.
    """
    opening = gathering(opening_id, at=at)
    family_locks.guardian(guardian_id)
    shape.check_choices(choices)
    claims = [claim for choice in choices for claim in choice]
    options, participants = shape.options_of(opening, claims), making.participants_of(guardian_id, claims)
    shape.check_once(choices, options, participants)
    checks.quantities(claims, options)
    judging.check(claims, options, participants, guardian_id=guardian_id, at=at)
    known = _filled_in(opening_id, guardian_id)
    since = _replaced(opening_id, guardian_id, group, at) if group else at
    shape.check_room(opening_id, guardian_id)
    shape.check_new(claims, options, participants)
    # Random through and through: what is drawn by is published, and must not tell when the family came.
    wish = group or uuid4()
    requests = [
        PlaceRequest(
            guardian_id=guardian_id,
            opening=opening,
            status=RequestStatus.WISHED,
            group=wish,
            rank=rank,
            asked_at=since,
            queued_at=at,
        )
        for rank in range(1, len(choices) + 1)
    ]
    PlaceRequest.objects.bulk_create(requests)
    basket = operations.open_basket(guardian_id=guardian_id, at=at)
    rows = [
        _row(basket, claim, request, options[claim.option_id], participants[claim.participant_id], known, at)
        for request, choice in zip(requests, choices, strict=True)
        for claim in choice
    ]
    with unique(errors.WishUnknown):
        Registration.objects.bulk_create(rows)
    _record("wishes.said", opening_id, wish, actor, at, choices=len(choices))
    return requests


@operation
def withdraw_wishes(*, opening_id: UUID, guardian_id: UUID, group: UUID, actor: Actor, at: datetime) -> None:
    """Raises NotGathering and WishUnknown."""
    gathering(opening_id, at=at)
    _replaced(opening_id, guardian_id, group, at)
    _record("wishes.withdrawn", opening_id, group, actor, at)


@operation
def withdraw_all_for(
    *, opening_id: UUID, guardian_id: UUID, participant_id: UUID, offering_id: UUID, actor: Actor, at: datetime
) -> None:
    """All that wishes for this child there, as where the family said no. Raises NotGathering."""
    wished = PlaceRequest.objects.filter(
        opening_id=opening_id,
        guardian_id=guardian_id,
        status=RequestStatus.WISHED,
        registrations__participant_id=participant_id,
        registrations__option__offering_id=offering_id,
    )
    for group in sorted(set(wished.values_list("group", flat=True))):
        withdraw_wishes(opening_id=opening_id, guardian_id=guardian_id, group=group, actor=actor, at=at)


@operation
def fill_in(
    *,
    opening_id: UUID,
    guardian_id: UUID,
    participant_id: UUID,
    offering_id: UUID,
    submission_id: UUID | None,
    consent_id: UUID | None,
) -> None:
    """Keep the answers and the authorization with every wish for this child here: nothing is typed at the opening."""
    said = {"submission_id": submission_id, "consent_id": consent_id}
    Registration.objects.filter(
        request__opening_id=opening_id,
        request__guardian_id=guardian_id,
        participant_id=participant_id,
        option__offering_id=offering_id,
        status=Status.REQUESTED,
    ).update(**{name: value for name, value in said.items() if value})


def of_wish(opening_id: UUID, guardian_id: UUID, group: UUID) -> list[PlaceRequest]:
    """Its choices that stand, in their order. Raises WishUnknown."""
    own = PlaceRequest.objects.filter(
        opening_id=opening_id, guardian_id=guardian_id, group=group, status=RequestStatus.WISHED
    )
    found = list(own.order_by("rank"))
    if not found:
        raise errors.WishUnknown
    return found


def _replaced(opening_id: UUID, guardian_id: UUID, group: UUID, at: datetime) -> datetime:
    """Ends what was said; returns since when the wish stands among the family's."""
    before = of_wish(opening_id, guardian_id, group)
    move_requests(PlaceRequest.objects.filter(pk__in=[each.pk for each in before]), RequestStatus.LEFT, ended_at=at)
    move(Registration.objects.filter(request__in=before), Status.RELEASED, ended_at=at)
    return before[0].asked_at


def _filled_in(opening_id: UUID, guardian_id: UUID) -> _Known:
    """What was answered and signed for each child and offering of these wishes."""
    rows = Registration.objects.filter(
        request__opening_id=opening_id, request__guardian_id=guardian_id, status=Status.REQUESTED
    ).values_list("participant_id", "option__offering_id", "submission_id", "consent_id")
    return {(child, offering): (said, signed) for child, offering, said, signed in rows if said or signed}


def _row(
    basket: Basket, claim: Claim, request: PlaceRequest, option: Option, child: Participant, known: _Known, at: datetime
) -> Registration:
    """No place, and no price yet; what was answered for another wish of the same child here answers for this one."""
    row = making.registration_of(basket, claim, option, child, at)
    said, signed = known.get((child.id, option.offering_id), (None, None))
    row.request, row.status, row.amount_cents = request, Status.REQUESTED, 0
    row.submission_id, row.consent_id = claim.submission_id or said, claim.consent_id or signed
    return row


def _record(action: str, opening_id: UUID, group: UUID, actor: Actor, at: datetime, **details: int) -> None:
    audit.record(
        action=action,
        subject="opening",
        subject_id=opening_id,
        actor=actor,
        at=at,
        details={"wish": str(group), **details},
    )
