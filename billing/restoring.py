"""What the processor told since the moment of a restore is listened to again: what was done about it is undone."""

from datetime import timedelta
from typing import Any

from billing.models import ConnectedAccount, ProcessorEvent
from tenants.context import in_registry
from tenants.restoring.rooms import Scene

# What was received then may have been handled after.
_MARGIN = timedelta(hours=1)


def events(scene: Scene) -> dict[str, Any]:
    """Each handler asks the processor before it believes anything: to be told twice is to be told once."""
    with in_registry():
        accounts = ConnectedAccount.objects.filter(organisation_id=scene.organisation.pk)
        told = ProcessorEvent.objects.filter(
            account__in=list(accounts.values_list("processor_id", flat=True)),
            received_at__gte=scene.since - _MARGIN,
        )
        return {"put_back": told.update(handled_at=None, attempts=0, due_at=scene.at, last_error="")}
