"""What someone asks for: so many of an option, for a participant."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Claim:
    """`unit_cents`: what is given, where the option is a voluntary contribution."""

    participant_id: UUID
    option_id: UUID
    quantity: int
    contact_email: str
    submission_id: UUID | None = None
    consent_id: UUID | None = None
    unit_cents: int | None = None
