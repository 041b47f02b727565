"""What goes wrong and what was done: heard from Django and from the workers, noted without disturbing either."""

import sys
import time
from collections.abc import Callable
from typing import Any

import structlog
from celery import Task, signals, states
from django.core.signals import got_request_exception
from django.db import transaction
from django.http import HttpRequest

from kernel import clock, tracker
from kernel.task_logs import REQUEST_ID
from tenants.context import in_registry
from tenants.models import Organisation
from tenants.tasks import HEADER, TaskRefused
from tenants.watching import faults, jobs, metrics

log = structlog.get_logger(__name__)

_BEGAN = "preau_watched_since"


def listen() -> None:
    """Once, at start-up."""
    hearers: list[tuple[Any, Callable[..., None]]] = [
        (got_request_exception, request_failed),
        (signals.task_prerun, _task_begins),
        (signals.task_failure, _task_failed),
        (signals.task_postrun, _task_ended),
    ]
    for signal, hearer in hearers:
        signal.connect(hearer, dispatch_uid=f"watching.{hearer.__name__}")


def request_failed(request: HttpRequest | None = None, **_: Any) -> None:
    error = sys.exc_info()[1]
    if error is None or request is None:
        return
    log.error("request_failed", exc_info=error)
    organisation: Organisation | None = getattr(request, "organisation", None)
    match = request.resolver_match
    note(error, schema=organisation.schema_name if organisation else "", doing=match.view_name if match else "?")


def _task_begins(task: "Task[Any, Any] | None" = None, **_: Any) -> None:
    if task is not None:
        setattr(task.request, _BEGAN, time.monotonic())


def _task_failed(sender: "Task[Any, Any] | None" = None, exception: BaseException | None = None, **_: Any) -> None:
    """A task that was refused has met a closed door, not an error of the program."""
    if sender is None or exception is None or isinstance(exception, TaskRefused):
        return
    schema = _schema(sender)
    note(exception, schema=schema, doing=sender.name)
    kind = faults.kind_of(exception)
    _undisturbed(lambda: jobs.note_failure(sender.name, schema=schema, error=kind, at=clock.now()))


def _task_ended(task: "Task[Any, Any] | None" = None, state: str | None = None, **_: Any) -> None:
    began = getattr(task.request, _BEGAN, None) if task else None
    if task is None or began is None:
        return
    seconds = time.monotonic() - began
    slug = str(structlog.contextvars.get_contextvars().get("organisation") or metrics.NONE)
    metrics.task_ended(organisation=slug, task=task.name, outcome=str(state).lower(), seconds=seconds)
    if state == states.SUCCESS:
        _undisturbed(lambda: jobs.note_success(task.name, schema=_schema(task), seconds=seconds, at=clock.now()))


def note(error: BaseException, *, schema: str, doing: str) -> None:
    """Also for who goes on with the others after an error about one."""
    request_id = str(structlog.contextvars.get_contextvars().get(REQUEST_ID, ""))
    _undisturbed(lambda: tracker.report(error, doing=doing))
    _undisturbed(lambda: faults.note(error, schema=schema, doing=doing, request_id=request_id, at=clock.now()))


def _schema(task: "Task[Any, Any]") -> str:
    return str((task.request.headers or {}).get(HEADER) or "")


def _undisturbed(note: Callable[[], None]) -> None:
    """What cannot be noted is told in the log alone; the savepoint keeps a transaction under way as it was."""
    try:
        with in_registry(), transaction.atomic():
            note()
    except Exception:
        log.exception("watching.not_noted")
