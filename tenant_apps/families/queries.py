"""Reads families. What belongs to another family does not exist here."""

from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from shared_apps.accounts.models import User
from shared_apps.vault import sealing
from tenant_apps.families.models import Guardian, Participant

# Where a participant's sealed answers are kept (shared_apps.vault).
SEALED = "families.Participant.sealed"


def guardian_of(user: User | AnonymousUser) -> Guardian | None:
    if not isinstance(user, User):
        return None
    return Guardian.objects.filter(user=user).first()


def participants_of(guardian_id: UUID) -> list[Participant]:
    """Whom the guardian may see and has not removed, by name."""
    return list(visible_participants(guardian_id).order_by("last_name", "first_name", "id"))


def participant_of(guardian_id: UUID, participant_id: UUID) -> Participant:
    """Raises Participant.DoesNotExist for a removed participant, or another family's."""
    return visible_participants(guardian_id).get(id=participant_id)


def visible_participants(guardian_id: UUID) -> QuerySet[Participant]:
    return Participant.objects.filter(
        guardianships__guardian_id=guardian_id, guardianships__is_blocked=False, removed_at=None
    ).select_related("establishment", "level")


def sealed_answers(participant: Participant) -> dict[str, Any]:
    """What is about health, and the national number. Who reads it for staff leaves a trail."""
    return sealing.unseal(participant.sealed, place=SEALED, row_id=participant.id)
