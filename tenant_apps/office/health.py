"""Who read what families said about health, and when: kept in the audit trail."""

from uuid import UUID

from django.http import HttpRequest

from kernel import clock
from shared_apps.accounts.access import actor_of
from shared_apps.audit import operations as audit

READ = "health.read"


def record_reading(request: HttpRequest, *, subject: str, subject_id: UUID, participants: int) -> None:
    """`participants` is of how many children; nothing is kept where nothing was there to read."""
    if participants:
        audit.record(
            action=READ,
            subject=subject,
            subject_id=subject_id,
            actor=actor_of(request),
            at=clock.now(),
            details={"participants": participants},
        )
