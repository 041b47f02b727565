"""Makes of what a table wants the rows as they will be, with what changes; the catalogue is read once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.text import slugify

from kernel.database import lock
from tenant_apps.catalog import history, readiness, slugs
from tenant_apps.catalog.history import Changes
from tenant_apps.catalog.importing.planning import UNSAID, Wanted, WantedOption
from tenant_apps.catalog.models import Offering, Option, Status
from tenant_apps.organisation import queries as organisation


@dataclass(slots=True)
class Draft:
    """An offering as it will be, with all its options; `parts` are those that the table makes or changes.

    `against`: what would be missing of what families see.
    """

    wanted: Wanted
    offering: Offering
    options: list[Option]
    changes: Changes = field(default_factory=dict)
    parts: list[tuple[WantedOption, Option, Changes]] = field(default_factory=list)
    against: Sequence[str] = ()


def drafts(wanted: Iterable[Wanted], *, at: datetime) -> list[Draft]:
    """Nobody else writes the offerings that there are until the transaction ends."""
    every = list(wanted)
    known = _locked([each.known.pk for each in every if each.known])
    used = set(Offering.objects.values_list("slug", flat=True))
    zone = organisation.profile().zone
    return [_changed(each, known[each.known.pk], at, zone) if each.known else _new(each, used) for each in every]


def _locked(ids: Sequence[UUID]) -> dict[UUID, Offering]:
    pointing = Offering.objects.select_related("season", "category", "payee")
    rows = pointing.prefetch_related("options", "establishments", "levels").filter(pk__in=ids)
    return {offering.pk: offering for offering in lock(rows)}


def _new(wanted: Wanted, used: set[str]) -> Draft:
    slug = slugs.unlike(slugify(wanted.columns["title"])[:70] or "activite", used)
    used.add(slug)
    draft = Draft(wanted, Offering(slug=slug, **wanted.columns), [])
    _add_options(draft, first=0)
    return draft


def _changed(wanted: Wanted, offering: Offering, at: datetime, zone: ZoneInfo) -> Draft:
    draft = Draft(wanted, offering, list(offering.options.all()))
    before = readiness.lacks(offering, at=at, zone=zone, every=draft.options)
    draft.changes = _apply(offering, wanted.columns)
    for name, rows in wanted.lists.items():
        said = {name: sorted(history.plain(each) for each in rows)}
        draft.changes |= history.changes({name: sorted(map(history.plain, getattr(offering, name).all()))}, said)
    _change_options(draft)
    _add_options(draft, first=max((option.position + 1 for option in draft.options), default=0))
    if offering.status == Status.PUBLISHED:
        after = readiness.lacks(offering, at=at, zone=zone, every=draft.options)
        draft.against = [lack.message for lack in after if lack not in before]
    return draft


def _change_options(draft: Draft) -> None:
    options = {option.pk: option for option in draft.options}
    for each in draft.wanted.options:
        if each.known and each.differs:
            option = options[each.known.pk]
            draft.parts.append((each, option, _apply(option, each.columns)))


def _add_options(draft: Draft, *, first: int) -> None:
    for position, each in enumerate((each for each in draft.wanted.options if each.is_new), start=first):
        draft.options.append(Option(offering=draft.offering, **each.columns, position=position))
        draft.parts.append((each, draft.options[-1], {}))


def _apply(row: Offering | Option, columns: dict[str, object]) -> Changes:
    before = {name: history.plain(getattr(row, name)) for name in columns}
    for name, value in columns.items():
        setattr(row, name, value)
    return history.changes(before, {name: history.plain(value) for name, value in columns.items()})


def told(part: WantedOption, changes: Changes) -> Changes:
    """With the places of an option that there was, which are counted elsewhere."""
    if part.is_new or part.capacity is UNSAID:
        return changes
    return changes | history.changes({"capacity": part.capacity_before}, {"capacity": part.capacity})
