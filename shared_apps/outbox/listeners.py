"""Who listens to which event. Filled at start-up by the rooms above."""

from collections.abc import Callable
from typing import Any

from kernel.registry import Registry

LISTENERS: Registry[Callable[[dict[str, Any]], None]] = Registry("listener")
