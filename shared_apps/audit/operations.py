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
        details=_said(details or {}, actor),
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
                details=_said(details, actor),
            )
            for action, subject_id, details in entries
        ]
    )


def _said(details: dict[str, Any], actor: Actor) -> dict[str, Any]:
    """With the family that staff did it for, where they did it for one."""
    return {**details, "on_behalf": str(actor.on_behalf)} if actor.on_behalf else details
