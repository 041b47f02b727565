"""Keeps a list of parts running: starts them in order, starts again what dies, stops all at a signal."""

import ctypes
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from deploy.embedded.failure import Failure
from deploy.embedded.process import REPOSITORY, Child, Part, kill_group, launch

_PR_SET_CHILD_SUBREAPER = 36
_STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_FIRST_DELAY, _LAST_DELAY = 0.2, 30.0
# A part that held out this long was well: its next death is not counted with the earlier ones.
_WELL_AFTER = 20.0


class Stopped(Exception):
    """The user asked for the end."""


@dataclass
class _Kept:
    child: Child
    since: float = field(default_factory=time.monotonic)
    delay: float = _FIRST_DELAY
    again_at: float | None = None
    serves: bool = True


class Supervisor:
    """Use inside `with Supervisor.taking_signals() as supervisor`, from the main thread."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._groups: list[list[_Kept]] = []
        self._job: subprocess.Popen[bytes] | None = None
        self._told_to_stop = False
        self._wake, self._waker = os.pipe()
        for end in (self._wake, self._waker):
            os.set_blocking(end, False)

    @classmethod
    @contextmanager
    def taking_signals(cls, say: Callable[[str], None] = print) -> Iterator["Supervisor"]:
        """A supervisor that hears signals, and that stops its parts at the end, whatever ended it."""
        supervisor = cls(say)
        if sys.platform == "linux":
            # What a killed part leaves behind becomes ours to reap: the first process of a container may not.
            ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)
        signal.set_wakeup_fd(supervisor._waker, warn_on_full_buffer=False)
        # Set explicitly: a shell's `command &` starts us with SIGINT ignored.
        for number in (*_STOPS, signal.SIGCHLD):
            signal.signal(number, supervisor._hear)
        try:
            yield supervisor
        finally:
            supervisor._stop_all()

    def start(self, *parts: Part) -> None:
        """Start the parts together, and return when all serve. Those of the first call are stopped last."""
        group: list[_Kept] = []
        self._groups.append(group)
        for part in parts:
            group.append(_Kept(Child(part)))
        for kept in group:
            kept.child.wait_ready(self._pause)

    def run(self, argv: tuple[str, ...], *, env: Mapping[str, str], log: Path) -> str:
        """Run a command of the project to its end and return what it printed. Raises Failure when it fails."""
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("w+b") as errors, tempfile.TemporaryFile() as output:
            self._job = launch(argv, env=env, cwd=REPOSITORY, stdout=output, stderr=errors)
            try:
                while self._job.poll() is None:
                    self._tick(0.2)
            finally:
                kill_group(self._job)
            output.seek(0)
            printed = output.read().decode(errors="replace")
            if status := self._job.returncode:
                errors.seek(0)
                tail = "\n".join(errors.read().decode(errors="replace").splitlines()[-30:])
                raise Failure(f"{' '.join(argv)}\nfailed (exit status {status}). It said ({log}):\n{tail}")
        self._job = None
        return printed

    def watch(self) -> None:
        """Keep everything running until told to stop (then raises Stopped)."""
        while True:
            self._tick(0.5)

    def _tick(self, seconds: float) -> None:
        for group in self._groups:
            for kept in group:
                self._look_after(kept)
        self._reap_strangers()
        self._pause(seconds)

    def _look_after(self, kept: _Kept) -> None:
        part, now = kept.child.part, time.monotonic()
        if kept.again_at is not None:
            if now >= kept.again_at:
                self._start_again(kept)
        elif not kept.child.alive():
            kill_group(kept.child.process)
            if now - kept.since > _WELL_AFTER:
                kept.delay = _FIRST_DELAY
            self._say(f"{part.name} stopped ({_reason(kept.child.process.returncode)}): starting it again")
            self._later(kept)
        elif not kept.serves and part.ready():
            kept.serves = True
            self._say(f"{part.name} is back")

    def _start_again(self, kept: _Kept) -> None:
        try:
            kept.child = Child(kept.child.part)
        except (Failure, OSError) as problem:
            self._say(str(problem))
            self._later(kept)
        else:
            kept.since, kept.again_at, kept.serves = time.monotonic(), None, False

    def _later(self, kept: _Kept) -> None:
        kept.again_at = time.monotonic() + kept.delay
        kept.delay = min(kept.delay * 2, _LAST_DELAY)

    def _stop_all(self) -> None:
        """First, together, what stands on the group started first; then that one."""
        for wave in (self._groups[1:], self._groups[:1]):
            children = [kept.child for group in wave for kept in group]
            for child in children:
                child.signal_stop()
            for child in children:
                child.finish()
        self._groups.clear()

    def _pause(self, seconds: float) -> None:
        """Sleep, but not through a signal. Raises Stopped after one that asks for the end."""
        select.select([self._wake], [], [], seconds)
        with suppress(BlockingIOError):
            os.read(self._wake, 512)
        if self._told_to_stop:
            raise Stopped

    def _hear(self, number: int, _frame: FrameType | None) -> None:
        if number != signal.SIGCHLD:
            self._told_to_stop = True

    def _reap_strangers(self) -> None:
        ours = {kept.child.pid for group in self._groups for kept in group}
        if self._job:
            ours.add(self._job.pid)
        while True:
            try:
                ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                return
            if ended is None or ended.si_pid in ours:
                return
            os.waitpid(ended.si_pid, os.WNOHANG)


def _reason(status: int | None) -> str:
    if status is not None and status < 0:
        return signal.Signals(-status).name
    return f"exit status {status}"
