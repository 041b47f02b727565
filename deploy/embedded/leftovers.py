"""Processes that outlived the supervisor of their installation, found and ended before the next start.

Linux only: elsewhere /proc is not there to ask, and nothing is touched.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from deploy.embedded.inspection import is_running
from deploy.embedded.process import MARK


def end_marked(folder: Path) -> None:
    """End the processes started for this folder by an earlier supervisor."""
    mark = f"{MARK}={folder}".encode()
    _end(lambda entry: mark in (entry / "environ").read_bytes().split(b"\0"))


def end_working_in(folder: Path, *, program: Path) -> None:
    """End the processes of this program whose working folder is this one."""
    _end(lambda entry: (entry / "cwd").readlink() == folder and (entry / "exe").readlink() == program)


def _end(is_one: Callable[[Path], bool]) -> None:
    pids = list(_matching(is_one))
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 5
    while any(map(is_running, pids)) and time.monotonic() < deadline:
        time.sleep(0.02)


def _matching(is_one: Callable[[Path], bool]) -> Iterator[int]:
    for entry in Path("/proc").glob("[0-9]*"):
        # Another account's process, or one that ended meanwhile: not ours.
        with suppress(OSError):
            if int(entry.name) != os.getpid() and is_one(entry):
                yield int(entry.name)
