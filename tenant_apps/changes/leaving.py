"""Takes back what a guardian asked for the registrations of a child who leaves the family's list."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from shared_apps.audit.actors import Actor
from tenant_apps.changes.errors import AlreadyDecided
from tenant_apps.changes.models import ChangeRequest, Status
from tenant_apps.changes.operations import asking


def leave(guardian_id: UUID, participant_id: UUID, actor: Actor, at: datetime) -> None:
    """Of the child, or to hand over to the child; what was done stays done."""
    concerned = Q(registration__participant_id=participant_id) | Q(participant_id=participant_id)
    waiting = ChangeRequest.objects.filter(concerned, guardian_id=guardian_id, status=Status.ASKED)
    for change_id in list(waiting.values_list("id", flat=True)):
        try:
            asking.cancel(change_id=change_id, guardian_id=guardian_id, actor=actor, at=at)
        except AlreadyDecided:
            continue
