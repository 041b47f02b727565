"""A change to many offerings: foreseen before it is made, then all of it or none."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal
from kernel.marks import mark
from kernel.transactions import operation


class Outcome(Protocol):
    """What becomes of one offering."""

    @property
    def against(self) -> Sequence[str]:
        """Why not, in words, a line each."""

    def told(self) -> list[Any]:
        """All that a page shows of it, as JSON can say it."""


T = TypeVar("T", bound=Outcome)
# Writes what may be, and says of each what became of it; who calls undoes it all where one is refused.
Attempt = Callable[[], list[T]]


class SomeRefused(Refusal):
    """Nothing was done: `outcomes` say to which offerings it could not be."""

    code = "some_refused"
    message = _("Rien n’a été changé\u202f: ce n’est pas possible pour toutes ces activités.")

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        super().__init__()
        self.outcomes = outcomes


class ChangedMeanwhile(Refusal):
    code = "catalogue_changed"
    message = _("Le catalogue a changé entre-temps. Relisez ce qui change.")


@operation
def foresee(attempt: Attempt[T]) -> list[T]:
    """What `carry_out` would do: it is done, and undone at once, so that the two can never differ."""
    with transaction.atomic():
        outcomes = attempt()
        transaction.set_rollback(True)
    return outcomes


@operation
def carry_out(attempt: Attempt[T], *, seen: str) -> list[T]:
    """Nothing else than what was foreseen, `seen` being its seal. Raises ChangedMeanwhile and SomeRefused."""
    outcomes = attempt()
    if seal(outcomes) != seen:
        raise ChangedMeanwhile
    if any(outcome.against for outcome in outcomes):
        raise SomeRefused(outcomes)
    return outcomes


def seal(outcomes: Sequence[Outcome]) -> str:
    """A short mark of all that they say, which a page carries to say what it showed."""
    return mark([outcome.told() for outcome in outcomes])
