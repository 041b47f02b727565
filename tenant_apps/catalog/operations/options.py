"""Writes the options of an offering, one at a time; each is known by its id."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import zip_longest
from typing import Any
from uuid import UUID

from django.db.models import ProtectedError

from kernel.transactions import operation
from shared_apps.audit.actors import Actor
from tenant_apps.catalog import history, places
from tenant_apps.catalog.errors import ChangedSince, OptionTaken
from tenant_apps.catalog.models import Offering, Option
from tenant_apps.catalog.operations import checks, contributions, wholeness
from tenant_apps.catalog.operations.offerings import locked


@operation
def add_options(
    *,
    offering_id: UUID,
    options: Sequence[Mapping[str, Any]],
    capacities: Sequence[int | None] = (),
    actor: Actor,
    at: datetime,
) -> list[Option]:
    """After those that there are; `capacities` are the places of each, unlimited where they are not said.

    No option is without a counter of its places, which is what families take from. Raises UnknownRequirement.
    """
    offering = locked(offering_id)
    first = max((option.position + 1 for option in offering.options.all()), default=0)
    made = []
    for position, columns in enumerate(options, start=first):
        checks.check(columns)
        made.append(Option.objects.create(offering=offering, **columns, position=position))
        _record("option.created", made[-1], {}, actor, at)
    counted = dict(zip_longest((option.id for option in made), capacities))
    places.put(capacities=counted, actor=actor, at=at)
    return made


@operation
def change_option(
    *, option_id: UUID, columns: Mapping[str, Any], seen: Mapping[str, str] | None = None, actor: Actor, at: datetime
) -> Option:
    """Write these columns and no other.

    Raises ChangedSince, NotReady, OptionPending, UnknownRequirement, and Option.DoesNotExist.
    """
    option, offering = _found(option_id)
    before = history.state(option)
    if since := history.changed_since(seen or {}, before):
        raise ChangedSince(since)
    checks.check(columns)
    contributions.check(option, columns)
    with wholeness.kept(offering, at=at):
        for name, value in columns.items():
            setattr(option, name, value)
        option.save()
    found = history.changes(before, history.state(option))
    _record("option.changed", option, found, actor, at)
    return option


@operation
def move_option(*, option_id: UUID, by: int, actor: Actor, at: datetime) -> None:
    """Past its neighbour, up (-1) or down (1); at the end of the list nothing moves."""
    option, offering = _found(option_id)
    rows = list(offering.options.all())
    here = rows.index(option)
    there = here + by
    if not 0 <= there < len(rows):
        return
    rows.insert(there, rows.pop(here))
    for position, row in enumerate(rows):
        Option.objects.filter(pk=row.pk).exclude(position=position).update(position=position)
    _record("option.moved", option, {"position": [here + 1, there + 1]}, actor, at)


@operation
def remove_option(*, option_id: UUID, actor: Actor, at: datetime) -> None:
    """For good. Raises OptionTaken where somebody has it, or once had; NotReady for the last of what is published."""
    option, offering = _found(option_id)
    with wholeness.kept(offering, at=at):
        try:
            option.delete()
        except ProtectedError:
            raise OptionTaken from None
    option.pk = option_id
    _record("option.removed", option, {}, actor, at)


def _found(option_id: UUID) -> tuple[Option, Offering]:
    """The option and its offering, which is what is locked: two who reorder wait for each other."""
    offering = locked(Option.objects.values_list("offering_id", flat=True).get(pk=option_id))
    return Option.objects.get(pk=option_id), offering


def _record(action: str, option: Option, found: history.Changes, actor: Actor, at: datetime) -> None:
    about = history.of_option(option)
    history.record(action=action, offering_id=option.offering_id, found=found, actor=actor, at=at, about=about)
