"""Brings requests to the record that is kept when two are merged."""

from datetime import datetime
from uuid import UUID

from tenant_apps.changes.models import ChangeRequest


def participants(kept_id: UUID, gone_id: UUID, at: datetime) -> None:
    """Its registration is brought along by its own room (registrations.following)."""
    ChangeRequest.objects.filter(participant_id=gone_id).update(participant_id=kept_id)


def guardians(kept_id: UUID, gone_id: UUID, at: datetime) -> None:
    ChangeRequest.objects.filter(guardian_id=gone_id).update(guardian_id=kept_id)
