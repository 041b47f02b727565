"""Who is told that a guardian has a child no more: each room above ends what it does for that guardian and child.

The child left their list, or they are kept away from the child.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from kernel.registry import Registry
from shared_apps.audit.actors import Actor

# The guardian, the participant, who says so, and when.
Leave = Callable[[UUID, UUID, Actor, datetime], None]

LEAVERS: Registry[Leave] = Registry("end of what is done for who leaves a list")
