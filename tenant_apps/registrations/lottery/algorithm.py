"""The draw itself, from a document alone: no database and no setting, so that anybody may run it again.

A document: {"seed", "counters": {id: {"free": number or null}}, "entries": [{"id", "priority", "turn", "choices":
[{counter id: how many}]}]}. A counter is whatever may run out: the places of an option, those that several options
share, and how much a child or a family may have. What it says besides is for readers.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tenant_apps.openings import ordering

FORMAT = "preau-draw/1"


@dataclass(frozen=True, slots=True)
class Got:
    """`rank`: the place in the draw, from 1; `choice`: the number of the choice that was had, or None."""

    rank: int
    choice: int | None = None


def allocate(document: Mapping[str, Any]) -> dict[str, Got]:
    """By entry: each in its turn has the first of its choices that fits whole, and keeps it."""
    free = {name: counter["free"] for name, counter in document["counters"].items()}
    return {
        entry["id"]: Got(rank, take(free, entry["choices"]))
        for rank, entry in enumerate(in_order(document["entries"], document["seed"]), 1)
    }


def in_order(entries: Sequence[Mapping[str, Any]], seed: str) -> list[Mapping[str, Any]]:
    """Priority groups first; nobody's second wish before everybody's first; then as the seed has it."""
    drawn = ordering.order(seed, [UUID(entry["id"]) for entry in entries])
    place = {str(identifier): number for number, identifier in enumerate(drawn)}
    return sorted(entries, key=lambda entry: (entry["priority"], entry["turn"], place[entry["id"]]))


def fits(free: Mapping[str, int | None], choice: Mapping[str, int]) -> bool:
    return all((still := free[name]) is None or still >= wanted for name, wanted in choice.items())


def left(document: Mapping[str, Any], got: Mapping[str, Got]) -> dict[str, int | None]:
    """What remains of each counter once everybody has what they got."""
    free = {name: counter["free"] for name, counter in document["counters"].items()}
    for entry in document["entries"]:
        number = got[entry["id"]].choice
        if number is not None:
            _use(free, entry["choices"][number - 1])
    return free


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def take(free: dict[str, int | None], choices: Sequence[Mapping[str, int]]) -> int | None:
    """The number of the first choice that fits, whose part of `free` is used; None where none does."""
    for number, choice in enumerate(choices, 1):
        if fits(free, choice):
            _use(free, choice)
            return number
    return None


def _use(free: dict[str, int | None], choice: Mapping[str, int]) -> None:
    for name, wanted in choice.items():
        before = free[name]
        free[name] = None if before is None else before - wanted
