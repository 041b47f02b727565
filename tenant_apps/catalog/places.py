"""The places of options, and who is about to take them: kept by the room above that sells, and asked of it here."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from kernel.registry import Registry
from shared_apps.audit.actors import Actor

# By option; None is as many as anybody wants.
Capacities = Mapping[UUID, int | None]


class Put(Protocol):
    def __call__(self, *, capacities: Capacities, actor: Actor, at: datetime) -> None:
        """Raises a Refusal for fewer places than are taken."""


@dataclass(frozen=True, slots=True)
class Keeper:
    of: Callable[[Iterable[UUID]], Capacities]
    put: Put
    pending: Callable[[Iterable[UUID]], Collection[UUID]]


# One entry, filled in at start-up.
KEEPERS: Registry[Keeper] = Registry("keeper of places")


def of(option_ids: Iterable[UUID]) -> Capacities:
    return _keeper().of(option_ids)


def put(*, capacities: Capacities, actor: Actor, at: datetime) -> None:
    """Raises a Refusal for fewer places than are taken."""
    _keeper().put(capacities=capacities, actor=actor, at=at)


def pending(option_ids: Iterable[UUID]) -> Collection[UUID]:
    """Those of them that are in a basket, or about to be paid."""
    return _keeper().pending(option_ids)


def _keeper() -> Keeper:
    [(_, keeper)] = KEEPERS
    return keeper
