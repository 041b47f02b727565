"""What staff do for a family that is before them or on the telephone: a new record, and the trail of acting for it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.families.models import Guardian, Household


@operation
def add_guardian(
    *, first_name: str, last_name: str, email: str, phone: str, language: str, actor: Actor, at: datetime
) -> Guardian:
    """Somebody whom the organisation did not know, without an account; the address may be none."""
    guardian = Guardian.objects.create(
        household=Household.objects.create(created_at=at),
        first_name=first_name.strip(),
        last_name=last_name.strip(),
        email=email.strip().lower(),
        phone=phone,
        language=language,
        created_at=at,
    )
    _record("guardian.added", guardian.id, actor, at)
    return guardian


@operation
def note_begun(*, guardian_id: UUID, by_code: bool, actor: Actor, at: datetime) -> None:
    _record("guardian.represented", guardian_id, actor, at, by_code=by_code)


@operation
def note_ended(*, guardian_id: UUID, actor: Actor, at: datetime) -> None:
    _record("guardian.represented_no_more", guardian_id, actor, at)


def _record(action: str, guardian_id: UUID, actor: Actor, at: datetime, **details: Any) -> None:
    audit.record(action=action, subject="guardian", subject_id=guardian_id, actor=actor, at=at, details=details)
