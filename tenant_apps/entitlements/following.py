"""Brings what was granted to the record that is kept when two are merged."""

from datetime import datetime
from uuid import UUID

from tenant_apps.entitlements.models import Entitlement, Status


def participants(kept_id: UUID, gone_id: UUID, at: datetime) -> None:
    _follow("participant_id", kept_id, gone_id, at)


def guardians(kept_id: UUID, gone_id: UUID, at: datetime) -> None:
    _follow("guardian_id", kept_id, gone_id, at)


def _follow(column: str, kept_id: UUID, gone_id: UUID, at: datetime) -> None:
    """What both asked for is asked once: the older request stands."""
    asked = Entitlement.objects.filter(status=Status.ASKED)
    for twin in asked.filter(**{column: gone_id}):
        other = "guardian_id" if column == "participant_id" else "participant_id"
        same = {name: getattr(twin, name) for name in ("kind", "key", "offering_id", "option_id", other)}
        same[column] = kept_id
        if asked.filter(**same).exists():
            asked.filter(pk=twin.pk).update(status=Status.WITHDRAWN, decided_at=at)
    Entitlement.objects.filter(**{column: gone_id}).update(**{column: kept_id})
