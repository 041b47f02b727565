"""How long an organisation keeps what it holds of people, by kind (kernel.inventory.Retention)."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Keeping:
    """`health_days` after the activity, or after the record has run out; `participation_days` after the last activity;
    `short_days` for messages and working files; `accounting_years` is said to families, nothing goes by it.
    """

    health_days: int = 30
    participation_days: int = 730
    short_days: int = 90
    accounting_years: int = 7


def read(data: Mapping[str, Any]) -> Keeping:
    """Raises ValueError or TypeError. No term is below a day: a slip of the pen must not empty an organisation."""
    return Keeping(**{each.name: max(1, int(data.get(each.name, each.default))) for each in fields(Keeping)})
