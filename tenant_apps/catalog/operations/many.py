"""Writes many offerings at once, each changed in its own way: as many statements for many of them as for one."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from kernel.errors import Refusal
from kernel.transactions import operation
from shared_apps.audit.actors import Actor
from tenant_apps.catalog import errors
from tenant_apps.catalog.history import Changes
from tenant_apps.catalog.operations import checks, contributions, drafting, storing
from tenant_apps.catalog.operations.drafting import Draft
from tenant_apps.catalog.operations.wanted import Wanted, WantedOption


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

    def told(self) -> list[Any]:
        parts = [[part.row, changes] for part, changes in self.parts]
        return [self.wanted.row, self.kind, self.changes, list(self.against), parts]


@operation
def attempt(*, wanted: Sequence[Wanted], actor: Actor, at: datetime) -> list[Outcome]:
    """What may be is done, and leaves the rows and the trail of the editor's operations; see `foreseen`."""
    pending = contributions.pending(
        (option.known, option.columns) for each in wanted for option in each.options if option.known
    )
    unsound = {each.row: reasons for each in wanted if (reasons := [*_unsound(each), *_waiting(each, pending)])}
    made = drafting.drafts([each for each in wanted if each.differs and each.row not in unsound], at=at)
    storing.store(made, actor=actor, at=at)
    refused = _without_places(made, actor, at)
    outcomes = {draft.wanted.row: _outcome(draft, refused.get(draft.offering.pk, ())) for draft in made}
    return [outcomes.get(each.row) or Outcome(each, against=unsound.get(each.row, ())) for each in wanted]


def _unsound(wanted: Wanted) -> list[str]:
    try:
        for columns in (wanted.columns, *(option.columns for option in wanted.options)):
            checks.check(columns)
    except Refusal as refusal:
        return errors.reasons(refusal)
    return []


def _waiting(wanted: Wanted, pending: Collection[UUID]) -> Iterator[str]:
    for option in wanted.options:
        if option.known and option.known.pk in pending:
            yield str(errors.OptionPending(name=option.known.name))


def _without_places(made: Sequence[Draft], actor: Actor, at: datetime) -> dict[UUID, Sequence[str]]:
    """Why the places of some may not be put: all at once, and one by one only to find who stands against it."""
    try:
        storing.put_places(made, actor=actor, at=at)
    except Refusal:
        return dict(_refused(made, actor, at))
    return {}


def _refused(made: Sequence[Draft], actor: Actor, at: datetime) -> Iterator[tuple[UUID, Sequence[str]]]:
    for draft in made:
        try:
            storing.put_places([draft], actor=actor, at=at)
        except Refusal as refusal:
            yield draft.offering.pk, errors.reasons(refusal)


def _outcome(draft: Draft, refused: Sequence[str]) -> Outcome:
    if against := [*draft.against, *refused]:
        return Outcome(draft.wanted, against=against)
    parts = [(part, drafting.told(part, changes)) for part, _option, changes in draft.parts]
    return Outcome(draft.wanted, draft.changes, sorted(parts, key=lambda part: part[0].row))
