"""What someone asks for: so many of an option, for a participant."""

from dataclasses import dataclass
from uuid import UUID

from tenant_apps.registrations.models import Registration


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


def claim_of(line: Registration) -> Claim:
    """The same again, with the answers and the signature that were given for it."""
    return Claim(
        participant_id=line.participant_id,
        option_id=line.option_id,
        quantity=line.quantity,
        contact_email=line.contact_email,
        submission_id=line.submission_id,
        consent_id=line.consent_id,
        unit_cents=line.unit_cents if line.option.is_voluntary else None,
    )
