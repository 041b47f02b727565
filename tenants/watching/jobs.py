"""The last run of each task in each organisation. While all goes well it is written down once a minute at most."""

import time
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

_WRITTEN_EVERY = timedelta(minutes=1)

# (task, schema) and when this process wrote it last.
_written: dict[tuple[str, str], float] = {}

_SUCCESS = """
INSERT INTO public.tenants_jobrun AS run (organisation_id, task, finished_at, seconds, failures, error)
VALUES ((SELECT id FROM public.tenants_organisation WHERE schema_name = %(schema)s),
        %(task)s, %(at)s, %(seconds)s, 0, '')
ON CONFLICT (organisation_id, task) DO UPDATE
   SET finished_at = excluded.finished_at, seconds = excluded.seconds, failures = 0, error = ''
 WHERE run.finished_at IS NULL OR run.finished_at < %(before)s OR run.failures > 0
"""
_FAILURE = """
INSERT INTO public.tenants_jobrun AS run (organisation_id, task, seconds, failed_at, failures, error)
VALUES ((SELECT id FROM public.tenants_organisation WHERE schema_name = %(schema)s),
        %(task)s, 0, %(at)s, 1, %(error)s)
ON CONFLICT (organisation_id, task) DO UPDATE
   SET failed_at = excluded.failed_at, failures = run.failures + 1, error = excluded.error
"""


def note_success(task: str, *, schema: str, seconds: float, at: datetime) -> None:
    """Failures are counted since the last success: after one there are none."""
    key, now = (task, schema), time.monotonic()
    if now - _written.get(key, -1e9) < _WRITTEN_EVERY.total_seconds():
        return
    _write(_SUCCESS, task=task, schema=schema, at=at, before=at - _WRITTEN_EVERY, seconds=seconds)
    _written[key] = now


def note_failure(task: str, *, schema: str, error: str, at: datetime) -> None:
    """`error` is its kind. The next success is written at once, in this process."""
    _written.pop((task, schema), None)
    _write(_FAILURE, task=task, schema=schema, at=at, error=error[:200])


def _write(statement: str, **values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
