"""A confirmed registration that ends: given up by its family, or cancelled by the organisation. Its place is free."""

from datetime import datetime
from uuid import UUID

from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.registrations import errors, freeing
from tenant_apps.registrations.models import Registration, Status


@operation
def withdraw(*, registration_id: UUID, actor: Actor, at: datetime) -> Registration:
    """The family gives it up. Withdrawing twice is withdrawing once. Raises NotConfirmed."""
    return _end(registration_id, Status.WITHDRAWN, actor, at)


@operation
def cancel(*, registration_id: UUID, actor: Actor, at: datetime) -> Registration:
    """The organisation takes it back. Cancelling twice is cancelling once. Raises NotConfirmed."""
    return _end(registration_id, Status.CANCELLED, actor, at)


def _end(registration_id: UUID, to: Status, actor: Actor, at: datetime) -> Registration:
    registration = Registration.objects.get(pk=registration_id)
    if freeing.free([registration], at=at, to=to):
        audit.record(
            action=f"registrations.{to}", subject="registration", subject_id=registration_id, actor=actor, at=at
        )
    registration.refresh_from_db()
    if registration.status != to:
        raise errors.NotConfirmed
    return registration
