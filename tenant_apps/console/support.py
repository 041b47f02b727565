"""An operator takes the way in that an organisation has opened; its own trail tells what they see there."""

from datetime import datetime

from kernel.transactions import operation
from shared_apps.audit.actors import Actor
from tenant_apps.console import trails
from tenants.models import SupportGrant


@operation
def look(*, grant: SupportGrant, actor: Actor, at: datetime) -> None:
    trails.record("support.entered", grant.organisation_id, actor, at, words=grant.ticket)
