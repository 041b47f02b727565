"""Errors of the program, counted by their kind and place. Never their words: those may name a person."""

import hashlib
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any

from django.db import connection

from kernel import wordless
from tenants.context import in_registry
from tenants.models import Fault

_OURS = ("kernel.", "config.", "tenants.", "billing.", "shared_apps.", "tenant_apps.")
KEPT_FOR = timedelta(days=90)

# One statement: two workers that meet the same error count two.
_COUNT = """
INSERT INTO public.tenants_fault AS fault
       (organisation_id, fingerprint, kind, place, times, first_at, last_at, request_id)
VALUES ((SELECT id FROM public.tenants_organisation WHERE schema_name = %(schema)s),
        %(fingerprint)s, %(kind)s, %(place)s, 1, %(at)s, %(at)s, %(request_id)s)
ON CONFLICT (organisation_id, fingerprint) DO UPDATE
   SET times = fault.times + 1, last_at = excluded.last_at, request_id = excluded.request_id, settled_at = NULL
"""


def note(error: BaseException, *, schema: str, doing: str, request_id: str = "", at: datetime) -> None:
    """Count it. `doing` is the name of a view or of a task. One that was settled and comes back is open again."""
    kind, place = kind_of(error), f"{doing} · {place_of(error.__traceback__)}"[:300]
    values: dict[str, Any] = {
        "schema": schema,
        "fingerprint": hashlib.sha256(f"{kind} {place}".encode()).hexdigest(),
        "kind": kind,
        "place": place,
        "at": at,
        "request_id": request_id[:64],
    }
    with in_registry(), connection.cursor() as cursor:
        cursor.execute(_COUNT, values)


def forget(*, at: datetime) -> int:
    """Those that nobody has met for long. Returns how many."""
    with in_registry():
        return Fault.objects.filter(last_at__lt=at - KEPT_FOR).delete()[0]


def kind_of(error: BaseException) -> str:
    return wordless.kind(error)[:200]


def place_of(trace: TracebackType | None) -> str:
    """« module:line » of the innermost frame that is ours; of the innermost of all where none is."""
    places = [(f"{module}:{line}", module) for module, _, line in wordless.frames(trace)]
    if not places:
        return "?"
    return next((place for place, module in reversed(places) if module.startswith(_OURS)), places[-1][0])
