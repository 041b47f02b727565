"""Writes the catalogue: seasons, categories, offerings and their options."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.catalog import requirements
from tenant_apps.catalog.models import Category, Offering, Option, Season
from tenant_apps.organisation.models import Establishment, Level


@operation
def put_season(*, name: str, starts_on: date, ends_on: date) -> Season:
    season, _ = Season.objects.update_or_create(name=name, defaults={"starts_on": starts_on, "ends_on": ends_on})
    return season


@operation
def put_category(*, slug: str, name: str, position: int) -> Category:
    category, _ = Category.objects.update_or_create(slug=slug, defaults={"name": name, "position": position})
    return category


def put_categories(categories: Iterable[Mapping[str, str]]) -> None:
    """The categories of a preset, in their order."""
    for position, category in enumerate(categories):
        put_category(slug=category["slug"], name=category["name"], position=position)


@operation
def put_offering(
    *,
    slug: str,
    columns: Mapping[str, Any],
    options: Sequence[Mapping[str, Any]],
    establishments: Iterable[Establishment] = (),
    levels: Iterable[Level] = (),
    actor: Actor,
    at: datetime,
) -> Offering:
    """Write an offering whole, known by its slug; its options are known by their position.

    Options beyond those given are left alone: somebody may have taken them. Raises UnknownRequirement.
    """
    requirements.check(columns.get("requirements", []))
    offering, created = Offering.objects.update_or_create(slug=slug, defaults=dict(columns))
    offering.establishments.set(establishments)
    offering.levels.set(levels)
    for position, option in enumerate(options):
        Option.objects.update_or_create(offering=offering, position=position, defaults=dict(option))
    _record("offering.created" if created else "offering.changed", offering.id, actor, at)
    return offering


def _record(action: str, offering_id: UUID, actor: Actor, at: datetime) -> None:
    audit.record(action=action, subject="offering", subject_id=offering_id, actor=actor, at=at)
