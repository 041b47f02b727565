"""What was read of the catalogue, and what pages made of it: kept in this process until anything is written."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

T = TypeVar("T")

# Of the organisations asked last; and things on each, so that made-up addresses do not fill the memory.
_SHELVES, _THINGS = 16, 4000


class Shelf:
    """Requests share it: what lies here is never altered, and says nothing of a person."""

    def __init__(self) -> None:
        self._things: dict[Hashable, Any] = {}

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        if key in self._things:
            found: T = self._things[key]
            return found
        made = make()
        if len(self._things) < _THINGS:
            self._things[key] = made
        return made


_kept: OrderedDict[str, tuple[str, Shelf]] = OrderedDict()
_lock = Lock()


def shelf_of(organisation: str, mark: str) -> Shelf:
    """The organisation's, emptied as soon as the mark is another."""
    with _lock:
        known, shelf = _kept.pop(organisation, ("", Shelf()))
        if known != mark:
            shelf = Shelf()
        _kept[organisation] = (mark, shelf)
        if len(_kept) > _SHELVES:
            _kept.popitem(last=False)
        return shelf
