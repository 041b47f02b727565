"""Writes what a table asks for: all of it or nothing, foreseen before it is made."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

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


class SomeRefused(Refusal):
    code = "import_refused"
    message = _("Rien n’est écrit\u202f: des activités ne peuvent pas être changées ainsi.")

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        super().__init__()
        self.outcomes = outcomes


@operation
def foresee(*, wanted: Sequence[Wanted], actor: Actor, at: datetime) -> list[Outcome]:
    """What `carry_out` would do: it is done, and undone at once."""
    with transaction.atomic():
        outcomes = list(_all(wanted, actor, at))
        transaction.set_rollback(True)
    return outcomes


@operation
def carry_out(*, wanted: Sequence[Wanted], actor: Actor, at: datetime) -> list[Outcome]:
    """Raises SomeRefused, and then nothing is written."""
    outcomes = list(_all(wanted, actor, at))
    if any(outcome.against for outcome in outcomes):
        raise SomeRefused(outcomes)
    return outcomes


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
    parts = [(each, _option(offering, each, actor, at)) for each in wanted.options if each.differs]
    return Outcome(wanted, changes, parts)


def _option(offering: Offering, wanted: WantedOption, actor: Actor, at: datetime) -> Changes:
    option = wanted.known
    changes: Changes = {}
    if option is None:
        [option] = options.add_options(offering_id=offering.pk, options=[wanted.columns], actor=actor, at=at)
    elif wanted.columns:
        before = {name: history.plain(getattr(option, name)) for name in wanted.columns}
        after = {name: history.plain(value) for name, value in wanted.columns.items()}
        changes = history.changes(before, after)
        options.change_option(option_id=option.pk, columns=wanted.columns, actor=actor, at=at)
    if wanted.capacity is not UNSAID:
        if wanted.known is not None:
            changes["capacity"] = [places.of([option.pk]).get(option.pk), wanted.capacity]
        places.put(capacities={option.pk: wanted.capacity}, actor=actor, at=at)
    return changes


def _differences(offering: Offering, wanted: Wanted) -> Changes:
    before: dict[str, Any] = {name: history.plain(getattr(offering, name)) for name in wanted.columns}
    after: dict[str, Any] = {name: history.plain(value) for name, value in wanted.columns.items()}
    for name, rows in wanted.lists.items():
        before[name] = sorted(str(each) for each in getattr(offering, name).all())
        after[name] = sorted(str(each) for each in rows)
    return history.changes(before, after)
