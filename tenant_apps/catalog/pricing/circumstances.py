"""What prices ask of a family: where it lives, and what was granted to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Of one participant, as their guardian's household has them. `residence`: a families.PriceCategory.

    `has_support`: a support need was granted (R-20 then exempts whatever the age).
    """

    residence: str = ""
    income_band: str = ""
    subsidies: frozenset[str] = frozenset()
    has_support: bool = False
    birth_date: date | None = None


@dataclass(frozen=True, slots=True)
class Household:
    """The circumstances of several participants, read at once; nobody's are known of who is not among them."""

    by_participant: Mapping[UUID, Circumstances] = field(default_factory=dict)

    def of(self, participant_id: UUID) -> Circumstances:
        return self.by_participant.get(participant_id, Circumstances())
