"""An order that nobody chose and anybody can make again: by SHA-256 of a seed that was secret until the draw."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from uuid import UUID

_HUNDRED = 100


def order(seed: str, ids: Iterable[UUID]) -> list[UUID]:
    """By the SHA-256, in hexadecimal, of « seed:id », in UTF-8."""
    return sorted(ids, key=lambda each: hashlib.sha256(f"{seed}:{each}".encode()).hexdigest())


def commitment(seed: str) -> str:
    """What is published before the draw, so that the seed shown after it is known to be the same."""
    return hashlib.sha256(seed.encode()).hexdigest()


def every(counter_share: int) -> int | None:
    """Of how many positions the last is the counter's; None where none is."""
    return max(2, _HUNDRED // counter_share) if counter_share > 0 else None


def in_line(web: Sequence[UUID], counter: Sequence[UUID], *, counter_share: int) -> dict[UUID, int]:
    """The position of each, from 1: those online and those at the counter, each in the order in which they are given.

    While families online wait, one position in `every` is the counter's; it stays free for whoever comes there
    later. Once they all have theirs, who is left at the counter follows without a gap.
    """
    kept = every(counter_share)
    if kept is None:
        raise ValueError("Without a share, all are in one order.")
    online, desk = iter(web), iter(counter)
    return dict(_dealt(online, desk, kept, left=len(web)))


def _dealt(online: Iterator[UUID], desk: Iterator[UUID], kept: int, *, left: int) -> Iterator[tuple[UUID, int]]:
    for position in count(1):
        if left and position % kept:
            left -= 1
            yield next(online), position
        elif (each := next(desk, None)) is not None:
            yield each, position
        elif not left:
            return
