"""A status moves by a table, written once and read by all."""

from collections.abc import Mapping
from enum import Enum
from typing import TypeVar

Status = TypeVar("Status", bound=Enum)


def sources(moves: Mapping[Status, frozenset[Status]], new: Status) -> list[Status]:
    """The states that lead to `new`: what a conditional update expects to find."""
    return [old for old, targets in moves.items() if new in targets]
