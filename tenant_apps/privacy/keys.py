"""The organisation's encryption keys: changed at the word of its owner, and each step kept in the trail."""

from datetime import datetime

from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import SYSTEM, Actor
from shared_apps.vault import keys, rotation
from shared_apps.vault.models import DataKey

ROTATED = "keys.rotated"
RESEALED = "keys.resealed"
DELETED = "keys.deleted"
WRAPPED = "keys.wrapped"


@operation
def rotate(*, actor: Actor, at: datetime) -> DataKey:
    """A new key from now on; the task `privacy.reseal` seals anew what the one before it sealed."""
    key = keys.make(at=at)
    audit.record(action=ROTATED, subject="key", subject_id=key.id, actor=actor, at=at, details={"number": key.number})
    return key


def carry_on(*, at: datetime) -> int:
    """Seal anew what is left, and delete the keys that nothing needs. Safe to stop and to repeat."""
    done = rotation.reseal()
    if done:
        _record(RESEALED, at, values=done)
    for number in rotation.delete_unused(at=at):
        _record(DELETED, at, number=number)
    return done


@operation
def wrap_anew(*, at: datetime) -> int:
    """The platform's own key has changed."""
    done = rotation.wrap_anew()
    if done:
        _record(WRAPPED, at, keys=done)
    return done


def _record(action: str, at: datetime, **details: int) -> None:
    audit.record(action=action, subject="key", subject_id=None, actor=SYSTEM, at=at, details=details)
