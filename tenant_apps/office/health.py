"""Who reads what families said about health, and when: kept in the audit trail, and shown to the family."""

from collections.abc import Iterable
from uuid import UUID

from django.http import HttpRequest

from kernel import clock
from shared_apps.accounts.access import actor_of
from tenant_apps.privacy import readings
from tenant_apps.privacy.readings import READ as READ


def record_reading(
    request: HttpRequest, *, subject: str, subject_id: UUID | None, participants: Iterable[UUID], reason: str
) -> None:
    """`participants`: the children whose answers the page shows. `reason`: one of readings.REASONS, or words."""
    readings.record(
        actor=actor_of(request),
        role=request.staff_member.role,  # type: ignore[attr-defined]
        subject=subject,
        subject_id=subject_id,
        participant_ids=participants,
        reason=reason,
        at=clock.now(),
    )
