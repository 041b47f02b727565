"""Gives up what a confirmed line stands for, in the transaction that confirms it; its price has counted that money."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from kernel.registry import Registry
from tenant_apps.registrations import errors, freeing, replacing, reversing
from tenant_apps.registrations.models import Registration, Status

# Called with the line that is confirmed, what it stood for, and the moment: the rooms above register.
REPLACED: Registry[Callable[[Registration, Registration, datetime], None]] = Registry("end of what is replaced")


def replaced(registration: Registration, replaced_id: UUID, *, at: datetime) -> None:
    """Raises OptionFull where it has ended or changed meanwhile: its money does not count as paid any more."""
    before = Registration.objects.select_related("basket", "option__offering").get(pk=replaced_id)
    if not replacing.still_counts(registration, before) or not freeing.free([before], at=at, to=Status.WITHDRAWN):
        raise errors.OptionFull([registration.option_id], [str(registration.option)])
    reversing.keep(before.id, reversing.charged(before).undone())
    for _name, hear in REPLACED:
        hear(registration, before, at)
