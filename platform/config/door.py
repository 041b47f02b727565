"""Before Django: answers who asks again where they are in a queue, and measures how long everything else takes."""

import json
import re
import time
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.conf import settings

from kernel import clock
from tenant_apps.openings import pace, progress

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

_ID = "([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
_TURN = re.compile(rf"/ouvertures/{_ID}/tour/{_ID}\.json")


class Door:
    """A page that waits costs no session, no account and no query: three thousand of them leave the machine to those
    who register.
    """

    def __init__(self, application: Application) -> None:
        self.application = application

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        asked = _TURN.fullmatch(path)
        if asked and (body := _known(environ, UUID(asked[1]), UUID(asked[2]))) is not None:
            start_response("200 OK", [*_HEADERS, ("Content-Length", str(len(body)))])
            return [body]
        if asked or path.startswith(settings.STATIC_URL):
            return self.application(environ, start_response)
        began = time.monotonic()
        try:
            return self.application(environ, start_response)
        finally:
            pace.REQUESTS.note(time.monotonic() - began)


_HEADERS = [
    ("Content-Type", "application/json"),
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
]


def _known(environ: Environ, opening_id: UUID, ticket_id: UUID) -> bytes | None:
    if environ.get("REQUEST_METHOD") != "GET":
        return None
    room = progress.room(environ.get("HTTP_HOST", ""), opening_id)
    if room is None or ticket_id not in room.positions or room.must_be_read():
        return None
    position = room.positions[ticket_id]
    if position is None and room.opening.drawn_at:
        return None
    return json.dumps(progress.told(room, position, at=clock.now())).encode()
