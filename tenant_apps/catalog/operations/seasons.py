"""Writes the seasons that group offerings."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from kernel.database import lock_one, unique
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.catalog import history
from tenant_apps.catalog.errors import SeasonTaken
from tenant_apps.catalog.models import Season


@operation
def put_season(*, name: str, starts_on: date, ends_on: date) -> Season:
    """A season as it is loaded, known by its name."""
    season, _ = Season.objects.update_or_create(name=name, defaults={"starts_on": starts_on, "ends_on": ends_on})
    return season


@operation
def add_season(*, name: str, starts_on: date, ends_on: date, actor: Actor, at: datetime) -> Season:
    """Raises SeasonTaken."""
    with unique(SeasonTaken):
        season = Season.objects.create(name=name, starts_on=starts_on, ends_on=ends_on)
    _record("season.created", season, {}, actor, at)
    return season


@operation
def change_season(*, season_id: UUID, columns: Mapping[str, Any], actor: Actor, at: datetime) -> Season:
    """Raises SeasonTaken."""
    season = lock_one(Season.objects.filter(pk=season_id))
    before = history.state(season)
    for name, value in columns.items():
        setattr(season, name, value)
    with unique(SeasonTaken):
        season.save()
    _record("season.changed", season, history.changes(before, history.state(season)), actor, at)
    return season


def _record(action: str, season: Season, changes: history.Changes, actor: Actor, at: datetime) -> None:
    details = {"name": season.name, "changes": changes}
    audit.record(action=action, subject="season", subject_id=season.id, actor=actor, at=at, details=details)
