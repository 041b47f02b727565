"""What a family holds on a day: of its requests, those that were accepted and have not run out."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tenant_apps.entitlements.models import Entitlement, Kind, Status


def holds(entitlement: Entitlement, on: date) -> bool:
    """The last day is included."""
    if entitlement.status != Status.GRANTED:
        return False
    has_begun = entitlement.valid_from_on is None or entitlement.valid_from_on <= on
    return has_begun and not has_ended(entitlement, on)


def has_ended(entitlement: Entitlement, on: date) -> bool:
    return entitlement.valid_until_on is not None and entitlement.valid_until_on < on


@dataclass(frozen=True, slots=True)
class Holdings:
    """All the requests of one household, whatever became of them, and the day that is asked about."""

    entitlements: tuple[Entitlement, ...] = ()
    on: date = date.min

    def asked(self, kind: Kind, participant_id: UUID | None, *, offering_id: UUID | None = None) -> list[Entitlement]:
        """Those that concern the participant, the latest first: their own come before the whole household's."""
        found = [
            each
            for each in self.entitlements
            if each.kind == kind
            and each.participant_id in (participant_id, None)
            and (offering_id is None or each.offering_id == offering_id)
        ]
        return sorted(found, key=lambda each: (each.participant_id is not None, each.asked_at), reverse=True)

    def held(self, kind: Kind, participant_id: UUID | None, *, offering_id: UUID | None = None) -> list[Entitlement]:
        return [each for each in self.asked(kind, participant_id, offering_id=offering_id) if holds(each, self.on)]

    def key(self, kind: Kind, participant_id: UUID) -> str:
        """Which one of its kind the participant has; empty for none."""
        return next((each.key for each in self.held(kind, participant_id)), "")
