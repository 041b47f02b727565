"""What a task's lines say: which task it is, and which request asked for it. The request's identifier travels along."""

import time
from typing import Any

import structlog
from celery import Task, signals

log = structlog.get_logger(__name__)

# Headers of a message: the request that caused it, and when it was sent, by the machine's own clock.
REQUEST_ID = "request_id"
SENT_AT = "sent_at"
_BOUND = "preau_bound"


@signals.before_task_publish.connect
def _send_along(headers: dict[str, Any] | None = None, **_: Any) -> None:
    if headers is None:
        return
    headers[SENT_AT] = time.time()
    if request_id := structlog.contextvars.get_contextvars().get(REQUEST_ID):
        headers[REQUEST_ID] = request_id


@signals.task_prerun.connect
def _begin(task_id: str = "", task: "Task[Any, Any] | None" = None, **_: Any) -> None:
    if task is None:
        return
    before = structlog.contextvars.get_contextvars()
    about = {"task_id": task_id, "task": task.name}
    if request_id := (task.request.headers or {}).get(REQUEST_ID) or before.get(REQUEST_ID):
        about[REQUEST_ID] = str(request_id)
    setattr(task.request, _BOUND, (time.monotonic(), before))
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(**about)


@signals.task_failure.connect
def _failed(exception: BaseException | None = None, **_: Any) -> None:
    log.error("task_failed", exc_info=exception)


@signals.task_postrun.connect
def _end(task: "Task[Any, Any] | None" = None, state: str | None = None, **_: Any) -> None:
    began = getattr(task.request, _BOUND, None) if task else None
    if began is None:
        return
    log.info("task", state=str(state).lower(), ms=round((time.monotonic() - began[0]) * 1000))
    # What the task has bound meanwhile, as its organisation, is not of the next one.
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(**began[1])
