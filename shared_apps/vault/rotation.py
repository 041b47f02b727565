"""Changes the key that an organisation's sealed values are encrypted with, while they are read and written.

A new key is made at once and everything new is sealed with it; then every place is gone through in small steps, which
may stop anywhere and be begun again. A key that seals nothing any more is deleted a while later, for good.
"""

from datetime import datetime, timedelta

from kernel.database import lock
from kernel.transactions import operation
from shared_apps.vault import keys, wrapping
from shared_apps.vault.models import DataKey
from shared_apps.vault.places import PLACES

BATCH = 200
# A transaction that sealed with the key before has long been committed by then, and been found.
GRACE = timedelta(hours=1)


def reseal(*, batch: int = BATCH) -> int:
    """Seal again all that was sealed with a retired key. Returns how many values; safe to stop and to repeat."""
    if not DataKey.objects.exclude(retired_at=None).exists():
        return 0
    number, done = keys.newest().number, 0
    for _name, place in PLACES:
        done += sum(place.reseal(number, batch=batch))
    return done


@operation
def delete_unused(*, at: datetime) -> list[int]:
    """Delete the retired keys that seal nothing, and with them what copies elsewhere hold. Returns their numbers."""
    retired = DataKey.objects.filter(retired_at__lte=at - GRACE)
    if not retired.exists() or is_behind():
        return []
    numbers = sorted(retired.values_list("number", flat=True))
    retired.delete()
    keys.forget()
    return numbers


def is_behind() -> bool:
    """Is anything still sealed with a key before the newest?"""
    number = keys.newest().number
    return any(place.is_behind(number) for _name, place in PLACES)


@operation
def wrap_anew() -> int:
    """Wrap the organisation's keys with the platform's newest, so that the one before it can be forgotten."""
    found = lock(DataKey.objects.all())
    for key in found:
        DataKey.objects.filter(pk=key.pk).update(wrapped=wrapping.wrapped(wrapping.unwrap(key), key.number))
    keys.forget()
    return len(found)
