"""Reads imports: the runs, how far one is, and every fault of a file."""

import json
from collections.abc import Iterator
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import QuerySet

from tenant_apps.imports import files, progress
from tenant_apps.imports.models import ImportRun, State

AT_WORK = (State.CHECKING, State.RUNNING)


def runs() -> QuerySet[ImportRun]:
    """Without what is long and shown on the run's own page only, newest first."""
    return ImportRun.objects.defer("errors", "preview", "doubts", "options")


def rows_done(run: ImportRun) -> int | None:
    """None where it cannot be known: what is being written shows only in the cache."""
    if run.state == State.RUNNING:
        return progress.told(run.id)
    return run.rows_done


def faults(run: ImportRun) -> Iterator[dict[str, Any]]:
    """All of them, from the file that keeps them; the few of the row where there is no file."""
    if not run.errors_path:
        yield from run.errors
        return
    with default_storage.open(run.errors_path, "rb") as file:
        for line in file:
            yield json.loads(line)


def has_example() -> bool:
    return bool(default_storage.exists(files.EXAMPLE))
