"""Runs a published draw again, and says whatever does not agree with its result, or with the promise made before."""

from collections.abc import Iterator, Mapping
from typing import Any

from tenant_apps.openings import ordering
from tenant_apps.registrations.lottery import algorithm

_LEAST = ("seed", "commitment", "counters", "entries", "results")


def differences(document: Mapping[str, Any], *, promised: str = "") -> list[str]:
    """Each in words; none where the draw is what it says. `promised`: the commitment as it was seen before the draw."""
    if document.get("format") != algorithm.FORMAT or any(part not in document for part in _LEAST):
        return [f"This is not a draw of the format {algorithm.FORMAT}."]
    try:
        return list(_differences(document, promised or document["commitment"]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return [f"The document is damaged: {type(error).__name__} {error}."]


def _differences(document: Mapping[str, Any], promised: str) -> Iterator[str]:
    if ordering.commitment(document["seed"]) != promised:
        yield "The seed is not the one that was promised."
    results = document["results"]
    found = algorithm.allocate(document)
    for name in sorted(results.keys() - found.keys()):
        yield f"{name}: has a result, and took no part."
    for name, got in sorted(found.items(), key=lambda pair: pair[1].rank):
        told = results.get(name)
        if told is None:
            yield f"{name}: took part, and has no result."
        elif (told["rank"], told["choice"]) != (got.rank, got.choice):
            was, should = (told["rank"], told["choice"]), (got.rank, got.choice)
            yield f"{name}: rank and choice are {was}, and should be {should}."
