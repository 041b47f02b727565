"""Locks of this room, taken in this order: the guardian's row, then the participant's.

A write takes the lock: SELECT … FOR UPDATE alone loses updates while a schema moves between machines.
"""

from collections.abc import Iterable
from uuid import UUID

from kernel.database import lock
from tenant_apps.families import queries
from tenant_apps.families.models import Guardian, Participant


def guardian(guardian_id: UUID) -> None:
    """Two forms of one family sent at once are read one after the other."""
    Guardian.objects.filter(id=guardian_id).update(id=guardian_id)


def participant(guardian_id: UUID, participant_id: UUID) -> Participant:
    """Two parents who write the same record at once write one after the other. Raises Participant.DoesNotExist."""
    guardian(guardian_id)
    Participant.objects.filter(id=participant_id).update(id=participant_id)
    return queries.participant_of(guardian_id, participant_id)


def participants(participant_ids: Iterable[UUID]) -> list[Participant]:
    """As they are now; until the end of the transaction nobody else changes them."""
    return lock(Participant.objects.filter(id__in=list(participant_ids)))
