"""Frees the places that requests keep for a child who leaves the family's list, and waits for no more of them."""

from datetime import datetime
from uuid import UUID

from shared_apps.audit.actors import Actor
from tenant_apps.registrations import freeing, requests
from tenant_apps.registrations.models import Registration, Status


def leave(guardian_id: UUID, participant_id: UUID, actor: Actor, at: datetime) -> None:
    """What lies in the basket is the family's own to give up, or to pay."""
    own = Registration.objects.filter(basket__guardian_id=guardian_id, participant_id=participant_id)
    requests.withdraw(own, at=at)
    freeing.free(own.filter(status=Status.HELD, basket__closed_at__isnull=False), at=at)
