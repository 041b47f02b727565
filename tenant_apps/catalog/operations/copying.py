"""Copies offerings: one of them, or a whole season into another, as drafts with their options, places and rules."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, QuerySet

from kernel.database import lock_one
from kernel.transactions import operation
from shared_apps.audit.actors import Actor
from tenant_apps.catalog import history, places
from tenant_apps.catalog.models import Offering, Option, Season, Status
from tenant_apps.catalog.moving import Move
from tenant_apps.catalog.operations import offerings, options, pointing, seasons, sharing

# Each copy has its own; the others are the same as the original's. Whoever opened with many last year says anew when.
_OWN = {"id", "slug", "status", "publishes_at", "search_text", "opening", "quotas"}
_OWN_OF_OPTION = {"id", "offering", "position"}


@dataclass(frozen=True, slots=True)
class Renaming:
    """« 2026 » becomes « 2027 » in the titles; nothing where `old` is empty."""

    old: str = ""
    new: str = ""

    def title(self, title: str) -> str:
        return title.replace(self.old, self.new)[:200] if self.old else title


@dataclass(frozen=True, slots=True)
class Planned:
    """What a copy would say. `existing` is the copy that there is already; `options` are the original's, as moved."""

    original: Offering
    title: str
    columns: dict[str, Any]
    options: Sequence[tuple[Option, dict[str, Any]]]
    existing: Offering | None = None

    @property
    def days(self) -> list[date]:
        told = [self.columns, *(columns for _, columns in self.options)]
        return [day for each in told for day in (each["starts_on"], each["ends_on"]) if day]

    def is_outside(self, season: Season) -> bool:
        """Does it begin before the season, or end after it?"""
        return any(not season.starts_on <= day <= season.ends_on for day in self.days)


@operation
def duplicate(*, offering_id: UUID, title: str, move: Move, actor: Actor, at: datetime) -> Offering:
    """A draft like it, its dates moved. Raises Offering.DoesNotExist."""
    original = _whole(Offering.objects.filter(pk=offering_id)).get()
    return _copy(plan_one(original, title=title, move=move), actor=actor, at=at)


@operation
def clone_season(
    *,
    season_id: UUID,
    name: str,
    starts_on: date,
    ends_on: date,
    renaming: Renaming,
    zone: ZoneInfo,
    actor: Actor,
    at: datetime,
) -> tuple[Season, list[Offering]]:
    """All the offerings of a season, as drafts of the one of that name, which is made where there is none.

    What was copied into it before stays as it is: done twice, it is done once. Rules that name another offering of the
    season name its copy. Returns the season and the new drafts.
    """
    # Whoever clones the same season at the same moment waits here, and then finds the copies.
    season = lock_one(Season.objects.filter(pk=season_id))
    into = Season.objects.filter(name__iexact=name).first()
    into = into or seasons.add_season(name=name, starts_on=starts_on, ends_on=ends_on, actor=actor, at=at)
    made, slugs = [], {}
    for planned in plan_season(season, into, renaming=renaming, zone=zone):
        copy = planned.existing
        if copy is None:
            copy = _copy(planned, actor=actor, at=at, id=_copy_id(into, planned.original), season_id=into.id)
            made.append(copy)
        slugs[planned.original.slug] = copy.slug
    pointing.point(made, slugs)
    return into, made


def plan_one(original: Offering, *, title: str, move: Move) -> Planned:
    """`original` comes with its options."""
    offered = [option for option in original.options.all() if option.is_offered]
    return Planned(original, title, move.offering(original), [(option, move.option(option)) for option in offered])


def plan_season(season: Season, into: Season, *, renaming: Renaming, zone: ZoneInfo) -> list[Planned]:
    """In a constant number of questions; `into` need not be written yet."""
    move = Move.between(season.starts_on, into.starts_on, zone)
    originals = list(_whole(Offering.objects.filter(season=season)))
    existing = Offering.objects.in_bulk([_copy_id(into, each) for each in originals])
    plans = [plan_one(each, title=renaming.title(each.title), move=move) for each in originals]
    return [
        Planned(each.original, each.title, each.columns, each.options, existing.get(_copy_id(into, each.original)))
        for each in plans
    ]


def _copy(planned: Planned, *, actor: Actor, at: datetime, **own: Any) -> Offering:
    original = planned.original
    copy = offerings.add_offering(
        columns={**_columns(original, _OWN), **planned.columns, **own, "title": planned.title, "status": Status.DRAFT},
        establishments=original.establishments.all(),
        levels=original.levels.all(),
        actor=actor,
        at=at,
    )
    told = [{**_columns(option, _OWN_OF_OPTION), **columns} for option, columns in planned.options]
    kept = places.of(option.id for option, _ in planned.options)
    capacities = [kept.get(option.id) for option, _ in planned.options]
    made = options.add_options(offering_id=copy.id, options=told, capacities=capacities, actor=actor, at=at)
    pairs = zip(planned.options, made, strict=True)
    copies = {old.id: new.id for (old, _), new in pairs}
    sharing.copy(original, copy, copies, actor=actor, at=at)
    about = {"from": str(original.id), "name": original.title}
    history.record(action="offering.copied", offering_id=copy.id, found={}, about=about, actor=actor, at=at)
    return copy


def _copy_id(into: Season, original: Offering) -> UUID:
    """One copy of each original in each season: its id says so, and the database lets no second one in."""
    return uuid5(into.id, str(original.id))


def _columns(row: Offering | Option, own: Iterable[str]) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.name not in own}


def _whole(found: QuerySet[Offering]) -> QuerySet[Offering]:
    options = Prefetch("options", queryset=Option.objects.order_by("position", "starts_on", "name"))
    return found.order_by("starts_on", "title", "pk").prefetch_related(options, "establishments", "levels")
