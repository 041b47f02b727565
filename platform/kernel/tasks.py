"""What a room may say of background work without knowing who runs it: ask for a task now, or have one come round."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from celery import Task
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from kernel.registry import Registry
from kernel.transactions import after_commit

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Periodic:
    """A task, by its name, that is sent for each organisation in service; `registry`: once, on the registry."""

    task: str
    every: timedelta
    registry: bool = False


# Filled in `AppConfig.ready()`, read by the beat process.
PERIODIC: Registry[Periodic] = Registry("periodic task")


# By their names, the tasks that run in a suspended organisation too.
EVEN_SUSPENDED: set[str] = set()


def even_suspended(name: str) -> str:
    """`name=even_suspended("…")`: the task brings what was begun to its end, while nothing new begins."""
    EVEN_SUSPENDED.add(name)
    return name


def nudge(task: "Task[Any, Any]", **arguments: object) -> None:
    """Send `task` once the transaction is committed. A broker that is down delays it and never disturbs the caller.

    What must be done is a row first; the task that comes round finds whatever this did not announce.
    """
    after_commit(lambda: _send(task, arguments))


def _send(task: "Task[Any, Any]", arguments: dict[str, object]) -> None:
    try:
        task.apply_async(kwargs=arguments)
    except (OperationalError, RedisError, OSError) as error:
        logger.warning("task_not_sent", task=task.name, reason=str(error))
