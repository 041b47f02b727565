"""What is already known of a family, by the keys that questions have everywhere."""

from typing import Any

from tenant_apps.families import queries as families
from tenant_apps.families.models import Guardian, Participant


def of_participant(participant: Participant) -> dict[str, Any]:
    return {
        **participant.answers,
        "last_name": participant.last_name,
        "first_name": participant.first_name,
        "birth_date": participant.birth_date,
        "establishment": participant.establishment_id,
        "level": participant.level_id,
    }


def of_guardian(guardian: Guardian) -> dict[str, Any]:
    return {
        "guardian_last_name": guardian.last_name,
        "guardian_first_name": guardian.first_name,
        "guardian_phone": guardian.phone,
        "contact_email": guardian.email,
    }


def of_siblings(guardian: Guardian, participant: Participant | None, keys: set[str]) -> dict[str, Any]:
    """The family's answers in `keys`, from whichever of the guardian's participants has them."""
    if not keys:
        return {}
    known: dict[str, Any] = {}
    for sibling in families.participants_of(guardian.id):
        if participant is None or sibling.id != participant.id:
            known |= {key: value for key, value in sibling.answers.items() if key in keys and value}
    return known
