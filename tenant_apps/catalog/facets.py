"""How many offerings each setting of a filter would leave, and how many more if one filter were taken off."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from tenant_apps.catalog.cards import Availability
from tenant_apps.catalog.entries import Entry
from tenant_apps.catalog.filters import Filters

# Under these names a list is counted by value.
COUNTED = ("level", "establishment", "category", "nature", "tag", "open_only")
# What stands against an entry besides the filters: it is not for the child who is chosen.
FOR_OTHERS = "enfant"


@dataclass(frozen=True, slots=True)
class Counts:
    """`left`: what passes every filter, in order. `by_value`: by filter and by value, of what the others leave.

    `without`: what would be left if that filter alone were taken off.
    """

    left: Sequence[Entry]
    by_value: Mapping[str, Mapping[str, int]]
    without: Mapping[str, int]

    def of(self, name: str, value: str) -> int:
        return self.by_value[name].get(value, 0)


def count(entries: Iterable[Entry], filters: Filters, *, for_others: Collection[UUID] = ()) -> Counts:
    """In one pass, whatever the number of filters."""
    left: list[Entry] = []
    tallies: dict[str, Counter[str]] = {name: Counter() for name in COUNTED}
    open_to_all: Counter[str] = Counter()
    without: Counter[str] = Counter()
    for entry in entries:
        failed = _failed(entry, filters, for_others)
        if not failed:
            left.append(entry)
        if len(failed) <= 1:
            without.update(failed)
            for name in COUNTED if not failed else set(COUNTED) & set(failed):
                values = _VALUES[name](entry)
                tallies[name].update(values)
                if not values and name in _FOR_ALL:
                    open_to_all[name] += 1
    named = {name: {value: tallies[name][value] + open_to_all[name] for value in tallies[name]} for name in COUNTED}
    named |= {name: _Rest(named[name], open_to_all[name]) for name in _FOR_ALL}
    return Counts(left, named, {name: len(left) + more for name, more in without.items()})


class _Rest(dict[str, int]):
    """What names no level is for every level, those that nothing names too."""

    def __init__(self, counted: Mapping[str, int], rest: int) -> None:
        super().__init__(counted)
        self.rest = rest

    def get(self, value: str, default: int = 0) -> int:  # type: ignore[override]
        return super().get(value, self.rest)


_FOR_ALL = ("level", "establishment")
_VALUES: Mapping[str, Callable[[Entry], Collection[str]]] = {
    "level": lambda entry: entry.levels,
    "establishment": lambda entry: entry.establishments,
    "category": lambda entry: [entry.category] if entry.category else [],
    "nature": lambda entry: [entry.nature],
    "tag": lambda entry: entry.tags,
    "open_only": lambda entry: ["on"] if entry.availability is Availability.OPEN else [],
}


def _failed(entry: Entry, filters: Filters, for_others: Collection[UUID]) -> list[str]:
    """The filters that leave this entry out."""
    failed = [] if entry.is_found else ["keywords"]
    for name in COUNTED:
        wanted = "on" if filters.open_only and name == "open_only" else getattr(filters, name)
        values = _VALUES[name](entry) if wanted else ()
        if wanted and wanted not in values and (values or name not in _FOR_ALL):
            failed.append(name)
    if not entry.takes_place(filters.from_on, filters.until_on):
        failed.append("from_on" if filters.from_on else "until_on")
    return [*failed, FOR_OTHERS] if entry.id in for_others else failed
