"""One running platform per folder, kept by a lock that ends with the process, however it ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.embedded import state


class AlreadyRunning(Exception):
    """Another process holds the folder. `pid` is its number."""

    def __init__(self, pid: int) -> None:
        super().__init__(f"process {pid}")
        self.pid = pid


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the folder. Raises AlreadyRunning at once when another process does."""
    state.prepare(folder)
    with (folder / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise AlreadyRunning(int(file.read() or 0)) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
