"""Writes offerings: whole, as they are loaded, or some columns at a time, as staff edit them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from kernel.database import lock, lock_one
from kernel.transactions import after_commit, operation
from shared_apps.audit.actors import Actor
from tenant_apps.catalog import history, pictures, places, slugs
from tenant_apps.catalog.errors import ChangedSince
from tenant_apps.catalog.models import Offering, Option
from tenant_apps.catalog.operations import checks, wholeness
from tenant_apps.organisation.models import Establishment, Level

_POINTS_TO = ("season", "category", "payee", "registration_form", "consent_form", "opening")


@operation
def put_offering(
    *,
    slug: str,
    columns: Mapping[str, Any],
    options: Sequence[Mapping[str, Any]],
    capacities: Sequence[int | None] = (),
    establishments: Iterable[Establishment] = (),
    levels: Iterable[Level] = (),
    actor: Actor,
    at: datetime,
) -> Offering:
    """Write an offering whole, known by its slug; its options are known by their `id`, else by their position.

    Options beyond those given are left alone: somebody may have taken them. `capacities` are the places of each; where
    they are not said, those of a new one are unlimited and the others stay. Raises UnknownRequirement.
    """
    checks.check(columns)
    known = Offering.objects.filter(slug=slug).select_related(*_POINTS_TO).first()
    before = history.state(known) if known else {}
    offering, created = Offering.objects.update_or_create(slug=slug, defaults=dict(columns))
    offering.establishments.set(establishments)
    offering.levels.set(levels)
    counted: dict[UUID, int | None] = {}
    for position, option in enumerate(options):
        known_by = {"pk": option["id"]} if option.get("id") else {"position": position}
        said = {**option, "position": position}
        row, is_new = Option.objects.update_or_create(
            offering=offering, **known_by, defaults={k: said[k] for k in said if k != "id"}
        )
        if is_new or position < len(capacities):
            counted[row.id] = capacities[position] if position < len(capacities) else None
    found = {} if created else history.changes(before, history.state(offering))
    action = "offering.created" if created else "offering.changed"
    history.record(action=action, offering_id=offering.id, found=found, actor=actor, at=at)
    places.put(capacities=counted, actor=actor, at=at)
    return offering


@operation
def add_offering(
    *,
    columns: Mapping[str, Any],
    establishments: Iterable[Establishment] = (),
    levels: Iterable[Level] = (),
    actor: Actor,
    at: datetime,
) -> Offering:
    """A draft, at an address made of its title."""
    offering = _begun(columns)
    offering.establishments.set(establishments)
    offering.levels.set(levels)
    history.record(action="offering.created", offering_id=offering.id, found={}, actor=actor, at=at)
    return offering


@operation
def change_offering(
    *,
    offering_id: UUID,
    columns: Mapping[str, Any],
    establishments: Iterable[Establishment] | None = None,
    levels: Iterable[Level] | None = None,
    seen: Mapping[str, str] | None = None,
    actor: Actor,
    at: datetime,
) -> Offering:
    """Write these columns and no other; `seen` are the marks of what the page was filled in from (history.marks).

    Raises ChangedSince where somebody else changed one of those meanwhile; NotReady where what is published would no
    longer be whole; UnknownRequirement.
    """
    offering = locked(offering_id)
    before = history.state(offering)
    if since := history.changed_since(seen or {}, before):
        raise ChangedSince(since)
    checks.check(columns)
    with wholeness.kept(offering, at=at):
        for name, value in columns.items():
            setattr(offering, name, value)
        offering.save()
        if establishments is not None:
            offering.establishments.set(establishments)
        if levels is not None:
            offering.levels.set(levels)
    found = history.changes(before, history.state(offering))
    if "picture" in found:
        after_commit(partial(pictures.drop, before["picture"]))
    history.record(action="offering.changed", offering_id=offering.id, found=found, actor=actor, at=at)
    return offering


def _begun(columns: Mapping[str, Any]) -> Offering:
    """Two of one title at the same instant are given one address: whoever comes second takes the next."""
    wanted = slugs.of_title(columns["title"])
    while True:
        slug = slugs.free(wanted, Offering.objects.all())
        try:
            with transaction.atomic():
                return Offering.objects.create(slug=slug, **columns)
        except IntegrityError:
            if not Offering.objects.filter(slug=slug).exists():
                raise


def locked(offering_id: UUID) -> Offering:
    """The offering, which nobody else writes until the transaction ends; raises Offering.DoesNotExist."""
    return lock_one(Offering.objects.filter(pk=offering_id).select_related(*_POINTS_TO))


def every_locked(ids: Iterable[UUID]) -> dict[UUID, Offering]:
    """As `locked`, each with its options and its lists, in a constant number of questions."""
    rows = Offering.objects.filter(pk__in=list(ids)).select_related(*_POINTS_TO)
    return {offering.pk: offering for offering in lock(rows.prefetch_related("options", "establishments", "levels"))}
