"""What staff do about a waiting list, each with its trace."""

from datetime import datetime
from uuid import UUID

from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.registrations import operations as registrations
from tenant_apps.registrations import waiting
from tenant_apps.registrations.models import PlaceRequest, RequestStatus


@operation
def remove(*, request_id: UUID, reason: str, actor: Actor, at: datetime) -> None:
    """Raises what `waiting.remove` raises."""
    waiting.remove(request_id=request_id, actor=actor, at=at)
    audit.record(
        action="registrations.request_removed",
        subject="request",
        subject_id=request_id,
        actor=actor,
        at=at,
        details={"reason": reason},
    )


@operation
def set_capacity(*, option_id: UUID, capacity: int | None, actor: Actor, at: datetime) -> int:
    """Returns how many requests are served by it. Raises CapacityBelowTaken."""
    registrations.set_capacity(option_id=option_id, capacity=capacity, actor=actor, at=at)
    offered = PlaceRequest.objects.filter(status=RequestStatus.OFFERED, offered_at=at, registrations__option=option_id)
    return offered.values("pk").distinct().count()
