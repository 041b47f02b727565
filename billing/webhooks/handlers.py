"""Who handles which event of the processor. Filled at start-up by the rooms above."""

from collections.abc import Callable
from typing import Any

from kernel.registry import Registry

# Called inside the organisation of the event's account, with the event's object. It asks the processor again
# before it believes anything: the event only says where to look.
HANDLERS: Registry[Callable[[dict[str, Any]], None]] = Registry("handler of processor events")
