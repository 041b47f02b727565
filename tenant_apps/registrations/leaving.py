"""Frees the places that requests keep for a child whom a guardian has no more, and waits for no more of them."""

from datetime import datetime
from uuid import UUID

from shared_apps.audit.actors import Actor
from tenant_apps.families import queries as families
from tenant_apps.registrations import freeing, repricing, requests
from tenant_apps.registrations.models import Registration, Status


def leave(guardian_id: UUID, participant_id: UUID, actor: Actor, at: datetime) -> None:
    """What lies in the basket is the family's own to give up, or to pay; not of who is kept away from the child."""
    own = Registration.objects.filter(basket__guardian_id=guardian_id, participant_id=participant_id)
    kept = own.filter(status=Status.HELD)
    is_kept_away = participant_id in families.hidden_from(guardian_id)
    freeing.free(kept if is_kept_away else kept.filter(basket__closed_at__isnull=False), at=at)
    # Only now: an offer that is refused may wait again.
    requests.withdraw(own, at=at)
    if is_kept_away:
        repricing.reprice_household(guardian_id, at)
