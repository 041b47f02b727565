"""A status moves by a table, written once and read by all."""

from collections.abc import Mapping
from enum import Enum
from typing import TypeVar

Status = TypeVar("Status", bound=Enum)


class ImpossibleMove(Exception):
    """The program asked for a move that the table does not hold: a defect, not a refusal."""


def check_move(moves: Mapping[Status, frozenset[Status]], old: Status, new: Status) -> None:
    if new not in moves.get(old, frozenset()):
        raise ImpossibleMove(f"{old!r} does not lead to {new!r}")


def sources(moves: Mapping[Status, frozenset[Status]], new: Status) -> list[Status]:
    """The states that lead to `new`: what a conditional update expects to find."""
    return [old for old, targets in moves.items() if new in targets]
