"""Whether a wish may come true, apart from the moment and the places: the one evaluator's answer, before the draw."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from tenant_apps.catalog.eligibility import Eligibility
from tenant_apps.catalog.models import Option
from tenant_apps.catalog.reasons import Code, Reason
from tenant_apps.families.models import Participant
from tenant_apps.organisation import queries as organisation
from tenant_apps.registrations.claims import Claim
from tenant_apps.registrations.errors import NotAllowed

# A wish is said before its time; what is full may be free when it is drawn, and a turn comes later.
_AWAITED = frozenset({Code.NOT_OPEN_YET, Code.NOT_ADMITTED, Code.WISHES_FIRST, Code.FULL})


def check(
    claims: Sequence[Claim],
    options: Mapping[UUID, Option],
    participants: Mapping[UUID, Participant],
    *,
    guardian_id: UUID,
    at: datetime,
) -> None:
    """Raises NotAllowed for the first claim that something stands against."""
    offerings = {option.offering_id: option.offering for option in options.values()}
    known = Eligibility.of(
        offerings.values(), participants.values(), guardian_id=guardian_id, at=at, zone=organisation.profile().zone
    )
    for claim in claims:
        if reasons := lasting(known.against(options[claim.option_id], participants[claim.participant_id])):
            raise NotAllowed(reasons)


def lasting(reasons: Sequence[Reason]) -> list[Reason]:
    """Those that neither time nor a turn will undo."""
    return [reason for reason in reasons if reason.code not in _AWAITED]
