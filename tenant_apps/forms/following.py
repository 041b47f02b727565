"""Brings files to the record that is kept when two are merged; submissions stay, and are read through `merged_into`."""

from datetime import datetime
from uuid import UUID

from tenant_apps.forms.models import Upload


def participants(kept_id: UUID, gone_id: UUID, at: datetime) -> None:
    Upload.objects.filter(participant_id=gone_id).update(participant_id=kept_id)


def guardians(kept_id: UUID, gone_id: UUID, at: datetime) -> None:
    Upload.objects.filter(given_by_id=gone_id).update(given_by_id=kept_id)
