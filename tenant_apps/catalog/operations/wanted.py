"""What is asked of many offerings at once, each with its options, against what there is."""

from dataclasses import dataclass, field
from typing import Any

from tenant_apps.catalog.models import Offering, Option

# Of places: as they are.
UNSAID = object()


@dataclass(slots=True)
class WantedOption:
    """`known` is None for a new one; `row` says where it is asked for.

    `columns` hold only what differs, `capacity` is UNSAID where it does not; it and `capacity_before` are None
    where places are unlimited.
    """

    row: int
    name: str
    known: Option | None
    columns: dict[str, Any] = field(default_factory=dict)
    capacity: Any = UNSAID
    capacity_before: int | None = None

    @property
    def is_new(self) -> bool:
        return self.known is None

    @property
    def differs(self) -> bool:
        return self.is_new or bool(self.columns) or self.capacity is not UNSAID


@dataclass(slots=True)
class Wanted:
    """An offering with the options that are named. Columns and lists hold only what differs; `row` is its own."""

    row: int
    title: str
    known: Offering | None
    columns: dict[str, Any] = field(default_factory=dict)
    lists: dict[str, list[Any]] = field(default_factory=dict)
    options: list[WantedOption] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        return self.known is None

    @property
    def differs(self) -> bool:
        return self.is_new or bool(self.columns or self.lists) or any(each.differs for each in self.options)
