"""Errors of the program, counted by their kind and place. Never their words: those may name a person."""

import hashlib
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from uuid import UUID

from django.db import connection

from tenants.context import in_registry
from tenants.models import Fault

# This file is two folders below the house.
_HOUSE = str(Path(__file__).resolve().parents[2]) + "/"
_FOREIGN = ("/site-packages/", "/.venv/")
KEPT_FOR = timedelta(days=90)

# One statement: two workers that meet the same error count two.
_COUNT = """
INSERT INTO public.tenants_fault
       (organisation_id, fingerprint, kind, place, times, first_at, last_at, request_id)
VALUES (%(organisation)s, %(fingerprint)s, %(kind)s, %(place)s, 1, %(at)s, %(at)s, %(request_id)s)
ON CONFLICT (organisation_id, fingerprint) DO UPDATE
   SET times = public.tenants_fault.times + 1, last_at = excluded.last_at, request_id = excluded.request_id,
       settled_at = NULL
"""


def note(error: BaseException, *, organisation_id: UUID | None, doing: str, request_id: str = "", at: datetime) -> None:
    """Count it. `doing` is the name of a view or of a task. One that was settled and comes back is open again."""
    kind, place = kind_of(error), f"{doing} · {place_of(error.__traceback__)}"[:300]
    values = {
        "organisation": organisation_id,
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
    return f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")[:200]


def place_of(trace: TracebackType | None) -> str:
    """« module:line » of the innermost frame that is ours; of the innermost of all where none is."""
    frames = list(_frames(trace))
    if not frames:
        return "?"
    return next((place for place, is_ours in reversed(frames) if is_ours), frames[-1][0])


def _frames(trace: TracebackType | None) -> Iterator[tuple[str, bool]]:
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        module = str(trace.tb_frame.f_globals.get("__name__", "?"))
        is_ours = file.startswith(_HOUSE) and not any(part in file for part in _FOREIGN)
        yield f"{module}:{trace.tb_lineno}", is_ours and module in sys.modules
        trace = trace.tb_next
