"""Who follows a merge: each room above moves its own rows to the record that is kept, or refuses."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel.registry import Registry

# The record that is kept, the one that goes, and when. Raises a Refusal where the two cannot be one.
Move = Callable[[UUID, UUID, datetime], None]


@dataclass(frozen=True, slots=True)
class Follower:
    of_participants: Move
    of_guardians: Move


FOLLOWERS: Registry[Follower] = Registry("follower of merges")
