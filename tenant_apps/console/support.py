"""An operator takes the way in that an organisation has opened; its own trail tells what they see there."""

from datetime import datetime

from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenants.models import SupportGrant


@operation
def look(*, grant: SupportGrant, actor: Actor, at: datetime) -> None:
    audit.record(
        action="support.entered",
        subject="organisation",
        subject_id=grant.organisation_id,
        actor=actor,
        at=at,
        details={"words": grant.ticket},
    )
