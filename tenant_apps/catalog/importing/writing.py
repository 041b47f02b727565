"""Writes what a table asks for: all of it or nothing, foreseen before it is made."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal
from kernel.marks import mark
from kernel.transactions import operation
from shared_apps.audit.actors import Actor
from tenant_apps.catalog.history import Changes
from tenant_apps.catalog.importing import drafting, storing
from tenant_apps.catalog.importing.drafting import Draft
from tenant_apps.catalog.importing.planning import Wanted, WantedOption


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


class ChangedMeanwhile(Refusal):
    code = "catalogue_changed"
    message = _("Le catalogue a changé entre-temps. Relisez ce qui change.")


@operation
def foresee(*, wanted: Sequence[Wanted], actor: Actor, at: datetime) -> list[Outcome]:
    """What `carry_out` would do: it is done, and undone at once."""
    with transaction.atomic():
        outcomes = _all(wanted, actor, at)
        transaction.set_rollback(True)
    return outcomes


@operation
def carry_out(*, wanted: Sequence[Wanted], seen: str, actor: Actor, at: datetime) -> list[Outcome]:
    """Nothing else than what was foreseen, `seen` being its seal. Raises ChangedMeanwhile and SomeRefused."""
    outcomes = _all(wanted, actor, at)
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
    return mark(told)


def _all(wanted: Sequence[Wanted], actor: Actor, at: datetime) -> list[Outcome]:
    """Everything is written before anything is refused: who calls undoes it all."""
    made = drafting.drafts([each for each in wanted if each.differs], at=at)
    storing.store(made, actor=actor, at=at)
    refused = _without_places(made, actor, at)
    outcomes = {draft.wanted.row: _outcome(draft, refused.get(draft.offering.pk, ())) for draft in made}
    return [outcomes.get(each.row) or Outcome(each) for each in wanted]


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
            yield draft.offering.pk, [str(refusal)]


def _outcome(draft: Draft, refused: Sequence[str]) -> Outcome:
    if against := [*draft.against, *refused]:
        return Outcome(draft.wanted, against=against)
    parts = [(part, drafting.told(part, changes)) for part, _option, changes in draft.parts]
    return Outcome(draft.wanted, draft.changes, sorted(parts, key=lambda part: part[0].row))
