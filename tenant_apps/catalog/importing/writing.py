"""Writes what a table asks for: all of it or nothing, foreseen before it is made."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal
from kernel.transactions import operation
from shared_apps.audit.actors import Actor
from tenant_apps.catalog import history, places
from tenant_apps.catalog.errors import NotReady
from tenant_apps.catalog.history import Changes
from tenant_apps.catalog.importing.planning import UNSAID, Wanted, WantedOption
from tenant_apps.catalog.models import Offering
from tenant_apps.catalog.operations import offerings, options


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of an offering; `parts` are its options that are new or change, by name."""

    wanted: Wanted
    changes: Changes = field(default_factory=dict)
    parts: Sequence[tuple[WantedOption, Changes]] = ()
    against: Sequence[str] = ()

    @property
    def kind(self) -> str:
        if self.against:
            return "refused"
        return "new" if self.wanted.is_new else "changed" if self.wanted.differs else "unchanged"


# An option of the table, its identifier, and what changes of it.
_Part = tuple[WantedOption, UUID, Changes]


class SomeRefused(Refusal):
    code = "import_refused"
    message = _("Rien n’est écrit\u202f: des activités ne peuvent pas être changées ainsi.")

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        super().__init__()
        self.outcomes = outcomes


class ChangedMeanwhile(Refusal):
    code = "catalogue_changed"
    message = _("Le catalogue a changé entre-temps. Relisez ce qui change.")


@operation
def foresee(*, wanted: Sequence[Wanted], actor: Actor, at: datetime) -> list[Outcome]:
    """What `carry_out` would do: it is done, and undone at once."""
    with transaction.atomic():
        outcomes = list(_all(wanted, actor, at))
        transaction.set_rollback(True)
    return outcomes


@operation
def carry_out(*, wanted: Sequence[Wanted], seen: str, actor: Actor, at: datetime) -> list[Outcome]:
    """Nothing else than what was foreseen, `seen` being its seal. Raises ChangedMeanwhile and SomeRefused."""
    outcomes = list(_all(wanted, actor, at))
    if seal(outcomes) != seen:
        raise ChangedMeanwhile
    if any(outcome.against for outcome in outcomes):
        raise SomeRefused(outcomes)
    return outcomes


def seal(outcomes: Sequence[Outcome]) -> str:
    """A short mark of all that they say, which a page carries to say what it showed."""
    told = [
        [each.wanted.row, each.kind, each.changes, list(each.against), [[part.row, said] for part, said in each.parts]]
        for each in outcomes
    ]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def _all(wanted: Sequence[Wanted], actor: Actor, at: datetime) -> Iterator[Outcome]:
    for each in wanted:
        if not each.differs:
            yield Outcome(each)
            continue
        try:
            with transaction.atomic():
                yield _one(each, actor, at)
        except NotReady as refusal:
            yield Outcome(each, against=[lack.message for lack in refusal.lacks])
        except Refusal as refusal:
            yield Outcome(each, against=[str(refusal)])


def _one(wanted: Wanted, actor: Actor, at: datetime) -> Outcome:
    if wanted.known is None:
        offering = offerings.add_offering(columns=wanted.columns, **wanted.lists, actor=actor, at=at)
        changes: Changes = {}
    else:
        offering = wanted.known
        changes = _differences(offering, wanted)
        if wanted.columns or wanted.lists:
            offerings.change_offering(
                offering_id=offering.pk,
                columns=wanted.columns,
                establishments=wanted.lists.get("establishments"),
                levels=wanted.lists.get("levels"),
                actor=actor,
                at=at,
            )
    parts = [*_new_options(offering, wanted, actor, at), *_changed_options(wanted, actor, at)]
    _put_places(parts, actor, at)
    told = sorted(((each, found) for each, _option_id, found in parts), key=lambda part: part[0].row)
    return Outcome(wanted, changes, told)


def _new_options(offering: Offering, wanted: Wanted, actor: Actor, at: datetime) -> list[_Part]:
    new = [each for each in wanted.options if each.is_new]
    if not new:
        return []
    columns = [each.columns for each in new]
    made = options.add_options(offering_id=offering.pk, options=columns, actor=actor, at=at)
    return [(each, option.pk, {}) for each, option in zip(new, made, strict=True)]


def _changed_options(wanted: Wanted, actor: Actor, at: datetime) -> Iterator[_Part]:
    for each in wanted.options:
        if each.known is None or not each.differs:
            continue
        before = {name: history.plain(getattr(each.known, name)) for name in each.columns}
        after = {name: history.plain(value) for name, value in each.columns.items()}
        if each.columns:
            options.change_option(option_id=each.known.pk, columns=each.columns, actor=actor, at=at)
        if each.capacity is not UNSAID:
            before["capacity"], after["capacity"] = each.capacity_before, each.capacity
        yield each, each.known.pk, history.changes(before, after)


def _put_places(parts: Sequence[_Part], actor: Actor, at: datetime) -> None:
    capacities = {option_id: each.capacity for each, option_id, _found in parts if each.capacity is not UNSAID}
    if capacities:
        places.put(capacities=capacities, actor=actor, at=at)


def _differences(offering: Offering, wanted: Wanted) -> Changes:
    before: dict[str, Any] = {name: history.plain(getattr(offering, name)) for name in wanted.columns}
    after: dict[str, Any] = {name: history.plain(value) for name, value in wanted.columns.items()}
    for name, rows in wanted.lists.items():
        before[name] = sorted(str(each) for each in getattr(offering, name).all())
        after[name] = sorted(str(each) for each in rows)
    return history.changes(before, after)
