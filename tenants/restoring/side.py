"""The database as it was, served beside the live one: by a command of the installation, or by who runs the restore."""

import json
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings

_GRACE_SECONDS = 60


class NoSide(RuntimeError):
    """Nothing serves the database as it was."""


@contextmanager
def database_at(moment: datetime, *, url: str = "") -> Iterator[str]:
    """An address whose tables may be altered: `url`, or what RESTORE_SIDE_COMMAND serves meanwhile. Raises NoSide."""
    if url:
        yield url
        return
    if not settings.RESTORE_SIDE_COMMAND:
        raise NoSide("Name a copy of the database with --from-database-url, or what makes one (RESTORE_SIDE_COMMAND).")
    with _served([*shlex.split(settings.RESTORE_SIDE_COMMAND), moment.isoformat()]) as told:
        yield told


@contextmanager
def _served(command: list[str]) -> Iterator[str]:
    # It ends when its standard input does: also when this process is killed.
    with subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as served:
        assert served.stdin and served.stdout and served.stderr  # noqa: S101
        try:
            line = served.stdout.readline()
            if not line:
                raise NoSide(served.stderr.read().strip() or "The copy of the database did not start.")
            yield str(json.loads(line)["url"])
        finally:
            served.stdin.close()
            try:
                served.wait(_GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                served.kill()
