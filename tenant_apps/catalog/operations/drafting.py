"""Makes of what is asked of many offerings the rows as they will be, with what changes; the catalogue is read once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Model

from kernel.errors import Refusal
from tenant_apps.catalog import errors, history
from tenant_apps.catalog.history import Changes
from tenant_apps.catalog.models import Offering, Option
from tenant_apps.catalog.operations import offerings, wholeness
from tenant_apps.catalog.operations.wanted import UNSAID, Wanted, WantedOption
from tenant_apps.organisation import queries as organisation


@dataclass(slots=True)
class Draft:
    """An offering as it will be, with all its options; `parts` are those that are made or changed.

    `against`: what would be missing of what families see.
    """

    wanted: Wanted
    offering: Offering
    options: list[Option]
    changes: Changes = field(default_factory=dict)
    parts: list[tuple[WantedOption, Option, Changes]] = field(default_factory=list)
    against: Sequence[str] = ()


def drafts(wanted: Sequence[Wanted], *, at: datetime) -> list[Draft]:
    """Nobody else writes the offerings that there are until the transaction ends."""
    known = offerings.every_locked(each.known.pk for each in wanted if each.known)
    zone = organisation.profile().zone
    return [_changed(each, known[each.known.pk], at, zone) if each.known else _new(each) for each in wanted]


def _new(wanted: Wanted) -> Draft:
    draft = Draft(wanted, Offering(**wanted.columns), [])
    _add_options(draft, first=0)
    return draft


def _changed(wanted: Wanted, offering: Offering, at: datetime, zone: ZoneInfo) -> Draft:
    draft = Draft(wanted, offering, list(offering.options.all()))
    try:
        with wholeness.kept(offering, at=at, every=draft.options, zone=zone):
            draft.changes = _apply(offering, wanted.columns) | _of_lists(draft)
            _change_options(draft)
            _add_options(draft, first=max((option.position + 1 for option in draft.options), default=0))
    except Refusal as refusal:
        draft.against = errors.reasons(refusal)
    return draft


def _of_lists(draft: Draft) -> Changes:
    before = {name: getattr(draft.offering, name).all() for name in draft.wanted.lists}
    return history.changes(_plain(before), _plain(draft.wanted.lists))


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


def _plain(lists: Mapping[str, Iterable[Model]]) -> dict[str, list[str]]:
    return {name: sorted(history.plain(each) for each in rows) for name, rows in lists.items()}


def told(part: WantedOption, changes: Changes) -> Changes:
    """With the places of an option that there was, which are counted elsewhere."""
    if part.is_new or part.capacity is UNSAID:
        return changes
    return changes | history.changes({"capacity": part.capacity_before}, {"capacity": part.capacity})
