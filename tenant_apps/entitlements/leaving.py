"""Takes back what a guardian asked for a child who leaves the family's list."""

from datetime import datetime
from uuid import UUID

from shared_apps.audit.actors import Actor
from tenant_apps.entitlements.errors import AlreadyDecided
from tenant_apps.entitlements.models import Entitlement, Status
from tenant_apps.entitlements.operations import asking


def leave(guardian_id: UUID, participant_id: UUID, actor: Actor, at: datetime) -> None:
    """What was granted stays: it is part of what was registered."""
    waiting = Entitlement.objects.filter(guardian_id=guardian_id, participant_id=participant_id, status=Status.ASKED)
    for request_id in list(waiting.values_list("id", flat=True)):
        try:
            asking.withdraw(entitlement_id=request_id, guardian_id=guardian_id, actor=actor, at=at)
        except AlreadyDecided:
            continue
