"""The places of options, and who is about to take them: kept by the room above that sells, and asked of it here."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
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


class Share(Protocol):
    def __call__(self, *, option_id: UUID, quota_ids: Sequence[UUID], actor: Actor, at: datetime) -> object:
        """Raises a Refusal where a quota has not as many places left."""


@dataclass(frozen=True, slots=True)
class Keeper:
    of: Callable[[Iterable[UUID]], Capacities]
    put: Put
    pending: Callable[[Iterable[UUID]], Collection[UUID]]
    shared: Callable[[Iterable[UUID]], Mapping[UUID, Sequence[UUID]]]
    share: Share


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


def shared(option_ids: Iterable[UUID]) -> Mapping[UUID, Sequence[UUID]]:
    """The quotas that count the places of each; an option that shares none may be left out."""
    return _keeper().shared(option_ids)


def share(*, option_id: UUID, quota_ids: Sequence[UUID], actor: Actor, at: datetime) -> None:
    """These quotas, and no other. Raises a Refusal where one has not as many places left."""
    _keeper().share(option_id=option_id, quota_ids=quota_ids, actor=actor, at=at)


def _keeper() -> Keeper:
    [(_, keeper)] = KEEPERS
    return keeper
