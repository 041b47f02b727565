"""Erases the account of somebody who asks for it, and says so where a restored copy of the database will find it."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import SYSTEM, Actor
from shared_apps.outbox import operations as outbox
from tenant_apps.families.models import Guardian
from tenant_apps.families.operations import guardians
from tenant_apps.privacy import obstacles
from tenant_apps.privacy.forgetting import People, forget, forget_events, people_of

ERASED = "privacy.erased"
REAPPLIED = "privacy.reapplied"
# In the organisation's storage, which is not restored with its database.
_TOMBSTONES = "tombstones"


class NotNow(Refusal):
    code = "not_now"
    message = _("Votre compte ne peut pas être effacé pour l’instant.")


@operation
def erase(*, guardian_id: UUID, actor: Actor, at: datetime) -> None:
    """Forget a guardian, their account, and the children that nobody else looks after.

    Raises NotNow while something is owed, held or to come. Orders, receipts and the ledger stay, as the law on books
    has it.
    """
    guardians.in_turn(guardian_id=guardian_id)
    if obstacles.of_guardian(Guardian.objects.get(id=guardian_id), at=at):
        raise NotNow
    people = people_of([guardian_id])
    forget_events(people)
    forget(people, at=at)
    audit.record(
        action=ERASED,
        subject="guardian",
        subject_id=guardian_id,
        actor=Actor(kind=actor.kind),
        at=at,
        details=people.data(),
    )
    outbox.tell(kind=ERASED, payload=people.data(), at=at)


def keep_tombstone(payload: dict[str, Any]) -> None:
    """The event's listener: identifiers alone, in a file beside the database."""
    path = f"{_TOMBSTONES}/{payload['guardians'][0]}.json"
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(json.dumps(payload).encode()))


@operation
def reapply(*, at: datetime) -> int:
    """After the database was restored: forget again whoever had been forgotten since. Returns how many families."""
    done = 0
    for people in _tombstones():
        if not _is_remembered(people):
            continue
        forget_events(people)
        forget(people, at=at)
        subject = people.guardians[0]
        audit.record(
            action=REAPPLIED, subject="guardian", subject_id=subject, actor=SYSTEM, at=at, details=people.data()
        )
        done += 1
    return done


def _is_remembered(people: People) -> bool:
    known = Guardian.objects.filter(id__in=people.guardians)
    return known.exclude(email="", first_name="", last_name="", user=None).exists()


def _tombstones() -> Iterator[People]:
    if not default_storage.exists(_TOMBSTONES):
        return
    for name in sorted(default_storage.listdir(_TOMBSTONES)[1]):
        with default_storage.open(f"{_TOMBSTONES}/{name}") as file:
            yield People.read(json.load(file))


LISTENERS = {ERASED: keep_tombstone}
