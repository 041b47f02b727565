"""What refuses a claim, once its registration is written, or an answer: the quantity, the one evaluator's reasons."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from tenant_apps.catalog.eligibility import Eligibility
from tenant_apps.catalog.models import Offering, Option, Selection
from tenant_apps.catalog.reasons import Code
from tenant_apps.families.models import Participant
from tenant_apps.organisation import queries as organisation
from tenant_apps.registrations import errors
from tenant_apps.registrations.claims import Claim
from tenant_apps.registrations.models import Registration

# What a place that is kept while a request is studied waits for: the opening, and the answer.
_AWAITED = frozenset(
    {
        *(Code.NOT_OPEN_YET, Code.NOT_ADMITTED, Code.WISHES_FIRST, Code.BEING_DRAWN),
        *(Code.SUPPORT_NEEDED, Code.SUPPORT_PENDING, Code.SUPPORT_REFUSED),
    }
)
# As much as the processor takes at once, and as a column holds.
_MOST_CENTS = 99_999_999


def least(option: Option) -> int:
    """How many one takes at least; one, where no quantity is asked."""
    is_counted = option.offering.selection == Selection.QUANTITIES and not option.is_voluntary
    return max(option.minimum_quantity, 1) if is_counted else 1


def amounts(registrations: Sequence[Registration]) -> None:
    """Raises AmountRefused for what nobody could pay."""
    for registration in registrations:
        if registration.amount_cents > _MOST_CENTS:
            raise errors.AmountRefused(name=str(registration.option))


def quantities(claims: Sequence[Claim], options: Mapping[UUID, Option]) -> None:
    """Raises QuantityRefused."""
    for claim in claims:
        quantity(options[claim.option_id], claim.quantity)


def quantity(option: Option, wanted: int) -> None:
    """Raises QuantityRefused."""
    if not may_have(option, wanted):
        raise errors.QuantityRefused(name=str(option), minimum=least(option), maximum=option.maximum_quantity)


def may_have(option: Option, wanted: int) -> bool:
    return least(option) <= wanted <= option.maximum_quantity


def eligibility(
    claims: Sequence[Claim],
    options: Mapping[UUID, Option],
    participants: Mapping[UUID, Participant],
    *,
    guardian_id: UUID,
    at: datetime,
    is_ahead: bool,
    replacing: Sequence[UUID] = (),
) -> None:
    """Raises NotAllowed for the first claim that something stands against."""
    known = Eligibility.of(
        {option.offering_id: option.offering for option in options.values()}.values(),
        participants.values(),
        guardian_id=guardian_id,
        at=at,
        zone=organisation.profile().zone,
        replacing=replacing,
    )
    for claim in claims:
        reasons = known.against(options[claim.option_id], participants[claim.participant_id])
        if is_ahead:
            reasons = [reason for reason in reasons if reason.code not in _AWAITED]
        if reasons:
            raise errors.NotAllowed(reasons)


def answer(
    offering_id: UUID, participant: Participant, *, guardian_id: UUID, at: datetime, replacing: Sequence[UUID]
) -> None:
    """A yes or a no that takes no place is given while one could be taken, and not after. Raises NotAllowed."""
    offering = Offering.objects.get(pk=offering_id)
    known = Eligibility.of(
        [offering],
        [participant],
        guardian_id=guardian_id,
        at=at,
        zone=organisation.profile().zone,
        replacing=replacing,
    )
    if reasons := known.of_all(offering, participant):
        raise errors.NotAllowed(reasons)
