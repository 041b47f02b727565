"""A guardian asks to be the one who is invoiced (S4-22): staff decide."""

from datetime import datetime
from uuid import UUID

from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from shared_apps.outbox import operations as outbox


@operation
def ask_to_be_billed(*, guardian_id: UUID, actor: Actor, at: datetime) -> None:
    """Staff are told once a day, however often it is asked."""
    audit.record(action="guardian.billing_asked", subject="guardian", subject_id=guardian_id, actor=actor, at=at)
    outbox.tell(kind="families.billing_asked", payload={"guardian": str(guardian_id), "on": f"{at:%Y-%m-%d}"}, at=at)
