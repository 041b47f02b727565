"""What rows of the catalogue said before and after, for the trail and for who edits what another has just changed."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Model

from kernel.marks import mark
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.catalog.models import Option

# By column, as JSON can say it; what a row points to by its French name.
State = dict[str, Any]
# By column: what it was, and what it is.
Changes = dict[str, list[Any]]

# What is done, to which offering, and how it is told.
Entry = tuple[str, UUID, dict[str, Any]]

_OF_CHANGES = {"offering.changed", "option.changed"}
_UNTOLD = {"id", "offering", "search_text"}


def state(row: Model) -> State:
    columns = [field.name for field in row._meta.concrete_fields if field.name not in _UNTOLD]
    told = {name: plain(getattr(row, name)) for name in columns}
    lists = {field.name: sorted(plain(each) for each in getattr(row, field.name).all()) for field in _lists(row)}
    return told | lists


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Changes:
    return {name: [before.get(name), value] for name, value in after.items() if before.get(name) != value}


def marks(told: Mapping[str, Any]) -> dict[str, str]:
    """A short mark of each column, which a page carries to say what it was filled in from."""
    return {name: mark(value) for name, value in told.items()}


def changed_since(seen: Mapping[str, str], told: Mapping[str, Any]) -> State:
    """What is no longer as the page said it was: the columns, with what they say now."""
    return {name: told[name] for name, kept in seen.items() if name in told and mark(told[name]) != kept}


def record(
    *,
    action: str,
    offering_id: UUID,
    found: Changes,
    actor: Actor,
    at: datetime,
    about: Mapping[str, Any] | None = None,
) -> None:
    """One entry of the offering's trail; `about` names the option where it is one's. A change of nothing is none."""
    record_many(entries=[(action, offering_id, {**(about or {}), "changes": found})], actor=actor, at=at)


def record_many(*, entries: Iterable[Entry], actor: Actor, at: datetime) -> None:
    """As `record`, in one statement."""
    told = [entry for entry in entries if entry[2]["changes"] or entry[0] not in _OF_CHANGES]
    audit.record_many(subject="offering", entries=told, actor=actor, at=at)


def of_option(option: Option) -> dict[str, str]:
    return {"option": str(option.pk), "name": option.name}


def _lists(row: Model) -> list[Any]:
    return list(row._meta.many_to_many)


def plain(value: Any) -> Any:
    if isinstance(value, Model):
        return str(getattr(value, "title", None) or getattr(value, "name", None) or value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value
