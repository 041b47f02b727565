"""Writes many participants and their guardians at once, as an import has them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from kernel import copying
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.families import locks
from tenant_apps.families.models import Guardian, Guardianship, Participant

_PARTICIPANT_COLUMNS = [
    "last_name",
    "first_name",
    "used_name",
    "birth_date",
    "establishment",
    "level",
    "student_number",
    "external_id",
    "national_number_hash",
    "answers",
    "sealed",
    "locked_fields",
    "search_text",
    "removed_at",
]
_GUARDIAN_COLUMNS = [
    "last_name",
    "first_name",
    "email",
    "phone",
    "reference",
    "national_number_hash",
    "sealed",
    "locked_fields",
    "search_text",
]


@dataclass
class Batch:
    """Rows to be. `told` says which columns of whom are written, for the trail."""

    added: list[Participant] = field(default_factory=list)
    changed: list[Participant] = field(default_factory=list)
    added_guardians: list[Guardian] = field(default_factory=list)
    changed_guardians: list[Guardian] = field(default_factory=list)
    links: list[Guardianship] = field(default_factory=list)
    told: dict[UUID, Sequence[str]] = field(default_factory=dict)


def locked(participant_ids: Iterable[UUID]) -> dict[UUID, Participant]:
    """The participants as they are now; until the end of the transaction nobody else changes them."""
    return {participant.id: participant for participant in locks.participants(participant_ids)}


@operation
def write(*, batch: Batch, details: Mapping[str, Any], actor: Actor, at: datetime) -> None:
    """All of the batch, in as few statements as there are tables. Participants that changed must be `locked`."""
    for participant in (*batch.added, *batch.changed):
        participant.index()
    for guardian in (*batch.added_guardians, *batch.changed_guardians):
        guardian.index()
    copying.add(batch.added)
    _update(Participant, batch.changed, _PARTICIPANT_COLUMNS)
    # A number that one of them no longer has may be that of a new one.
    _update(Guardian, batch.changed_guardians, _GUARDIAN_COLUMNS)
    copying.add(batch.added_guardians)
    added = {participant.id for participant in batch.added}
    copying.add([link for link in batch.links if link.participant_id in added])
    # A family may have made the same link a moment ago, and what is blocked stays so.
    known = [link for link in batch.links if link.participant_id not in added]
    Guardianship.objects.bulk_create(known, ignore_conflicts=True)
    audit.record_many(
        subject="participant",
        entries=[
            ("participant.added" if key in added else "participant.changed", key, {**details, "columns": list(columns)})
            for key, columns in batch.told.items()
        ],
        actor=actor,
        at=at,
    )


def _update(model: Any, rows: Sequence[Any], columns: list[str]) -> None:
    """One INSERT that finds every row already there: many times quicker than an UPDATE with a case for each."""
    if rows:
        model.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=columns)
