"""Who must hear, in the same transaction, that what a household holds is not what it was: the rooms above register."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from kernel.registry import Registry

# Called with the guardian whose household it is, and the moment.
CHANGED: Registry[Callable[[UUID, datetime], None]] = Registry("listener to what a household holds")


def tell(guardian_id: UUID, at: datetime) -> None:
    for _name, hear in CHANGED:
        hear(guardian_id, at)
