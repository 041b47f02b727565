"""Who is told that a child leaves a family's list: each room above ends what it does for that family and child."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from kernel.registry import Registry
from shared_apps.audit.actors import Actor

# The guardian whose list it is, the participant, who takes it off, and when.
Leave = Callable[[UUID, UUID, Actor, datetime], None]

LEAVERS: Registry[Leave] = Registry("end of what is done for who leaves a list")
