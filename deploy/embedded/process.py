"""One child process: started so that it cannot outlive its parent, awaited, stopped."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from deploy.embedded.accounts import Account, as_arguments
from deploy.embedded.failure import Failure

REPOSITORY = Path(__file__).resolve().parents[2]
# Carried by every process of one installation, so that what a crash left behind can be recognised.
MARK = "PREAU_EMBEDDED_STATE"
_PR_SET_PDEATHSIG = 1
# Loaded before any fork: between fork and exec only the call itself may happen.
_LIBC = ctypes.CDLL(None)


def _nothing() -> None:
    return None


@dataclass(frozen=True, kw_only=True)
class Part:
    """One long-running process of the platform, and how to see that it serves.

    `ready` is asked again and again until it says yes; `before` runs ahead of every start, also of a restart.
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str]
    log: Path
    ready: Callable[[], bool]
    before: Callable[[], None] = _nothing
    cwd: Path = REPOSITORY
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 60.0
    grace: float = 8.0


@dataclass
class Child:
    """A part that has been started."""

    part: Part
    process: subprocess.Popen[bytes] = field(init=False)
    _log_from: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.part.before()
        self.part.log.parent.mkdir(parents=True, exist_ok=True)
        with self.part.log.open("ab") as log:
            self._log_from = log.tell()
            self.process = launch(
                self.part.argv,
                env=self.part.env,
                cwd=self.part.cwd,
                account=self.part.account,
                death_signal=self.part.stop_signal,
                stdout=log,
            )

    @property
    def pid(self) -> int:
        return self.process.pid

    def alive(self) -> bool:
        return self.process.poll() is None

    def log_tail(self, lines: int = 15) -> str:
        """The last lines this start wrote to its log."""
        with self.part.log.open("rb") as log:
            log.seek(self._log_from)
            text = log.read().decode(errors="replace")
        return "\n".join(text.splitlines()[-lines:])

    def wait_ready(self, pause: Callable[[float], object] = time.sleep) -> None:
        """Return once the part serves. Raises Failure when it died, or took too long."""
        deadline = time.monotonic() + self.part.patience
        while not self.part.ready():
            if not self.alive():
                raise Failure(self._story(f"stopped at once (exit status {self.process.returncode})"))
            if time.monotonic() > deadline:
                raise Failure(self._story(f"did not answer within {self.part.patience:.0f} seconds"))
            pause(0.05)
        # Something else may be answering at that address while ours is dead.
        if not self.alive():
            raise Failure(self._story(f"stopped at once (exit status {self.process.returncode})"))

    def signal_stop(self) -> None:
        if self.alive():
            self.process.send_signal(self.part.stop_signal)

    def finish(self) -> None:
        """Wait for the end after `signal_stop`, then end by force what remains of its group."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(self.part.grace)
        kill_group(self.process)

    def stop(self) -> None:
        self.signal_stop()
        self.finish()

    def _story(self, what: str) -> str:
        return f"{self.part.name} {what}. Its log ({self.part.log}) ends with:\n{self.log_tail()}"


@contextmanager
def running(part: Part) -> Iterator[Child]:
    """The part, started and ready; stopped at the end."""
    child = Child(part)
    try:
        child.wait_ready()
        yield child
    finally:
        child.stop()


def launch(
    argv: tuple[str, ...],
    *,
    env: Mapping[str, str],
    cwd: Path,
    stdout: IO[bytes],
    stderr: IO[bytes] | None = None,
    account: Account | None = None,
    death_signal: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own that receives `death_signal` when this one dies."""
    parent = os.getpid()

    def tie_to_parent() -> None:
        if sys.platform == "linux":
            _LIBC.prctl(_PR_SET_PDEATHSIG, death_signal.value)
            if os.getppid() != parent:
                os._exit(1)

    return subprocess.Popen(
        argv,
        env=dict(env),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr or subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=tie_to_parent,
        **as_arguments(account),
    )


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """End by force whatever is left of the process and of its children, and reap it."""
    # PermissionError: macOS says so of a group that holds only zombies.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
