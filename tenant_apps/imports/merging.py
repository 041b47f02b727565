"""Writes a line into a record, and says what that changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from shared_apps.vault import sealing
from tenant_apps.families import queries as families
from tenant_apps.families.matching import NATIONAL_NUMBER
from tenant_apps.families.models import Participant
from tenant_apps.imports.hashing import number_hash
from tenant_apps.imports.lines import Line
from tenant_apps.organisation.models import Establishment, Level

# What the organisation says of a child is not the family's to change (S1-50, S3-42).
_PLAIN = ("last_name", "first_name", "birth_date", "student_number")
_ANSWERS = ("home_group", "teacher")
_LOCKED = (*_PLAIN, "establishment", "level", *_ANSWERS, "national_number")


class Change(NamedTuple):
    """One column, as people read it before and after."""

    column: str
    before: str
    after: str


def merge(
    participant: Participant, line: Line, *, establishment: Establishment | None, level: Level | None, at: datetime
) -> list[Change]:
    """What the file leaves empty stays as it is; a first name in use is the family's once there is one."""
    values = line.values
    changes = [_set(participant, column, values[column]) for column in _PLAIN if column in values]
    # A record that two were merged into keeps the identifier that it had.
    changes += [_fill(participant, column, values) for column in ("external_id", "used_name")]
    changes += [_place(participant, "establishment", establishment), _place(participant, "level", level)]
    changes += [_answer(participant, key, values[key]) for key in _ANSWERS if key in values]
    if "national_number" in values:
        changes.append(_seal(participant, values["national_number"]))
    changes += [_lock(participant, values), _come_or_go(participant, line, at)]
    return [change for change in changes if change is not None]


def _set(participant: Participant, column: str, value: Any) -> Change | None:
    before = getattr(participant, column)
    if before == value:
        return None
    setattr(participant, column, value)
    return Change(column, str(before or ""), str(value))


def _fill(participant: Participant, column: str, values: Mapping[str, Any]) -> Change | None:
    """What is there stays."""
    return None if getattr(participant, column) else _set(participant, column, values.get(column, ""))


def _place(participant: Participant, column: str, place: Establishment | Level | None) -> Change | None:
    if place is None or getattr(participant, f"{column}_id") == place.id:
        return None
    before = getattr(participant, column)
    setattr(participant, column, place)
    return Change(column, str(before or ""), str(place))


def _answer(participant: Participant, key: str, value: str) -> Change | None:
    before = participant.answers.get(key)
    if before == value:
        return None
    participant.answers = {**participant.answers, key: value}
    return Change(key, str(before or ""), value)


def _seal(participant: Participant, number: str) -> Change | None:
    """Its digits are in nobody's list of changes."""
    if participant.national_number_hash == number_hash(number):
        return None
    participant.national_number_hash = number_hash(number)
    said = {**families.sealed_answers(participant), NATIONAL_NUMBER: number}
    participant.sealed = sealing.seal(said, place=families.SEALED, row_id=participant.id)
    return Change("national_number", "", "•••")


def _lock(participant: Participant, values: Mapping[str, Any]) -> Change | None:
    added = [name for name in _LOCKED if name in values and name not in participant.locked_fields]
    if not added:
        return None
    participant.locked_fields = [*participant.locked_fields, *added]
    return Change("locked_fields", "", "")


def _come_or_go(participant: Participant, line: Line, at: datetime) -> Change | None:
    if line.is_gone == (participant.removed_at is not None):
        return None
    participant.removed_at = at if line.is_gone else None
    return Change("removed_at", "", "")
