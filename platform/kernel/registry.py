"""Registration at start-up: how a room below is told of what a room above provides, without importing it."""

from collections.abc import Iterator
from typing import Generic, TypeVar

Entry = TypeVar("Entry")


class Registry(Generic[Entry]):
    """Named entries, filled in `AppConfig.ready()` and only read afterwards."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._entries: dict[str, Entry] = {}

    def register(self, name: str, entry: Entry) -> None:
        if name in self._entries and self._entries[name] is not entry:
            raise ValueError(f"{self._what} {name!r} is registered twice")
        self._entries[name] = entry

    def get(self, name: str) -> Entry | None:
        return self._entries.get(name)

    def __getitem__(self, name: str) -> Entry:
        try:
            return self._entries[name]
        except KeyError:
            raise LookupError(f"no {self._what} is named {name!r}; there are {sorted(self._entries)}") from None

    def __iter__(self) -> Iterator[tuple[str, Entry]]:
        return iter(self._entries.items())
