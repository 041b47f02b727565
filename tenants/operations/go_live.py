"""Shows an organisation's site to families, for good: before that, only its staff see it."""

from datetime import datetime
from uuid import UUID

from kernel.transactions import operation
from tenants.context import in_registry
from tenants.models import Organisation


@operation
def go_live(*, organisation_id: UUID, at: datetime) -> bool:
    """Whether it was this call that did it: twice is once, and the first moment stands."""
    with in_registry():
        return Organisation.objects.filter(id=organisation_id, live_at=None).update(live_at=at) == 1
