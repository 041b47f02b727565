"""What an opening goes by, read from its row with a value for each that is not said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tenant_apps.openings.models import Opening


@dataclass(frozen=True, slots=True)
class Terms:
    """`at_once`: how many families register at the same time, at most. `most_per_second`: how many are called, at most;
    0 calls nobody, as long as staff have stopped the queue.
    `counter_share`: of a hundred positions, how many are kept for families at the counter or on the telephone.
    `confirm_hours`: how long the places of a draw are kept. `priorities`: [{"name": words, "rules": [rule]}], the
    first group before the second, before everybody.
    """

    at_once: int = 200
    most_per_second: float = 10.0
    pass_minutes: int = 15
    counter_share: int = 10
    confirm_hours: int = 72
    priorities: Sequence[Mapping[str, Any]] = ()


def terms_of(opening: Opening) -> Terms:
    """Raises ValueError or TypeError for data that no form would keep."""
    told, defaults = opening.terms, Terms()
    return Terms(
        at_once=int(told.get("at_once", defaults.at_once)),
        most_per_second=float(told.get("most_per_second", defaults.most_per_second)),
        pass_minutes=int(told.get("pass_minutes", defaults.pass_minutes)),
        counter_share=int(told.get("counter_share", defaults.counter_share)),
        confirm_hours=int(told.get("confirm_hours", defaults.confirm_hours)),
        priorities=tuple(told.get("priorities", ())),
    )
