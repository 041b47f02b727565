"""Adds to the trail, in the transaction of what it tells of."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from kernel import copying
from shared_apps.audit.actors import Actor
from shared_apps.audit.models import Entry


def record(
    *,
    action: str,
    subject: str,
    subject_id: UUID | None,
    actor: Actor,
    at: datetime,
    details: dict[str, Any] | None = None,
) -> None:
    Entry.objects.create(
        at=at,
        actor_kind=actor.kind,
        actor_id=actor.user_id,
        actor_label=actor.label,
        action=action,
        subject=subject,
        subject_id=subject_id,
        details=details or {},
    )


def record_many(
    *, subject: str, entries: Iterable[tuple[str, UUID, dict[str, Any]]], actor: Actor, at: datetime
) -> None:
    """Entries of one subject, each with its action, whom it is about and its details, in one statement."""
    copying.add(
        [
            Entry(
                at=at,
                actor_kind=actor.kind,
                actor_id=actor.user_id,
                actor_label=actor.label,
                action=action,
                subject=subject,
                subject_id=subject_id,
                details=details,
            )
            for action, subject_id, details in entries
        ]
    )
