"""Locks of this room, taken in this order: the participant's row, and nothing after it."""

from uuid import UUID

from tenant_apps.families import queries
from tenant_apps.families.models import Participant


def participant(guardian_id: UUID, participant_id: UUID) -> Participant:
    """Two parents who write the same record at once write one after the other. Raises Participant.DoesNotExist."""
    return queries.visible_participants(guardian_id).select_for_update(of=("self",)).get(id=participant_id)
