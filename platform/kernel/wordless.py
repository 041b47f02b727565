"""An error told without its words, which may repeat what somebody typed: its kind, where it was, what caused it."""

import sys
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Any

import psycopg

_MOST_FRAMES = 40
_MOST_CAUSES = 5
# Classes of errors whose first line names tables, columns, constraints and locks, and quotes no value (SQLSTATE).
_OF_TABLES = ("23", "40", "42", "55", "57")


def kind(error: BaseException) -> str:
    """« psycopg.errors.UniqueViolation »."""
    return f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")


def reason(error: BaseException) -> str:
    """In the database's own words, where they are of tables and locks; of what is in a row, its kind alone."""
    cause = error if isinstance(error, psycopg.Error) else error.__cause__
    if isinstance(cause, psycopg.Error) and (cause.sqlstate or "").startswith(_OF_TABLES):
        return str(cause.diag.message_primary)
    return type(cause if isinstance(cause, psycopg.Error) else error).__name__


def frames(trace: TracebackType | None) -> list[tuple[str, str, int]]:
    """(module, function, line) from the outermost to the innermost."""
    walked = list(traceback.walk_tb(trace))[-_MOST_FRAMES:]
    return [(str(frame.f_globals.get("__name__", "?")), frame.f_code.co_name, line) for frame, line in walked]


def causes(error: BaseException) -> Iterator[BaseException]:
    """The error, then what it came from, as Python itself would tell it."""
    told: BaseException | None = error
    for _ in range(_MOST_CAUSES):
        if told is None:
            return
        yield told
        told = told.__cause__ or (None if told.__suppress_context__ else told.__context__)


def told(error: BaseException) -> list[dict[str, object]]:
    return [{"kind": kind(each), "at": _places(each)} for each in causes(error)]


def _places(error: BaseException) -> list[str]:
    return [f"{module}:{line} {function}" for module, function, line in frames(error.__traceback__)]


def processor(_logger: Any, _method: str, line: dict[str, Any]) -> dict[str, Any]:
    """For structlog: what was raised, and any error that is a value of the line."""
    raised = line.pop("exc_info", None)
    error = sys.exc_info()[1] if raised is True else raised[1] if isinstance(raised, tuple) else raised
    if isinstance(error, BaseException):
        line["exception"] = told(error)
    for name, value in line.items():
        if isinstance(value, BaseException):
            line[name] = kind(value)
    return line
