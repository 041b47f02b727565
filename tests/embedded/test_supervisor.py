"""The supervisor: what dies starts again, what it started never outlives it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.embedded.failure import Failure
from deploy.embedded.inspection import is_running
from deploy.embedded.process import REPOSITORY, Child, Part
from tests.embedded.conftest import eventually

Start = Callable[[], subprocess.Popen[str]]


@pytest.fixture
def start(folder: Path) -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []

    def supervisor() -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.embedded.supervised", str(folder)],
            cwd=REPOSITORY,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout
        for line in process.stdout:
            if line == "ready\n":
                break
        return process

    yield supervisor
    for process in started:
        process.kill()
        process.wait()


def _number(file: Path) -> int:
    return int(file.read_text() or 0)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_stops_everything_at_a_signal(folder: Path, start: Start, number: signal.Signals) -> None:
    supervisor = start()
    family = [_number(folder / "leader"), _number(folder / "child")]

    supervisor.send_signal(number)
    said, _ = supervisor.communicate(timeout=5)

    assert (supervisor.returncode, said) == (0, "stopping\n")
    assert [is_running(pid) for pid in family] == [False, False]


def test_it_hears_ctrl_c_even_when_a_script_started_it_in_the_background(folder: Path) -> None:
    command = f'"{sys.executable}" -m tests.embedded.supervised "{folder}" > "{folder}/said" & echo $!; wait'
    shell = subprocess.Popen(["sh", "-c", command], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)
    assert shell.stdout
    pid = int(shell.stdout.readline())
    eventually(lambda: (folder / "leader").exists())

    os.kill(pid, signal.SIGINT)

    eventually(lambda: not is_running(pid))
    shell.wait()


def test_a_killed_part_starts_again_without_what_it_left_behind(folder: Path, start: Start) -> None:
    supervisor = start()
    killed, orphan = _number(folder / "leader"), _number(folder / "child")

    os.kill(killed, signal.SIGKILL)

    assert supervisor.stdout
    assert supervisor.stdout.readline() == "steady stopped (SIGKILL): starting it again\n"
    eventually(lambda: _number(folder / "leader") not in {0, killed})
    assert not is_running(orphan)
    assert not Path(f"/proc/{orphan}").exists(), "an orphan was left as a zombie"
    assert supervisor.stdout.readline() == "steady is back\n"


def test_a_part_that_keeps_failing_is_tried_less_and_less_often(folder: Path, start: Start) -> None:
    supervisor = start()
    assert supervisor.stdout
    broken, starts = folder / "broken", folder / "starts"
    broken.touch()
    os.kill(_number(folder / "leader"), signal.SIGKILL)
    moments = [time.monotonic()]
    for tries in (2, 3):
        eventually(lambda expected=tries: len(starts.read_text().splitlines()) == expected)  # type: ignore[misc]
        moments.append(time.monotonic())
    broken.unlink()

    said = [supervisor.stdout.readline() for _ in range(4)]

    assert said == [
        "steady stopped (SIGKILL): starting it again\n",
        *["steady stopped (exit status 3): starting it again\n"] * 2,
        "steady is back\n",
    ]
    # Waits of 0.2 and 0.4 seconds at least.
    first, second, third = moments
    assert second - first > 0.1
    assert third - second > 0.35


def test_killed_itself_it_takes_its_parts_with_it(folder: Path, start: Start) -> None:
    supervisor = start()
    part = _number(folder / "leader")

    supervisor.kill()

    eventually(lambda: not is_running(part))


def _part(folder: Path, script: str) -> Part:
    return Part(
        name="ours",
        argv=("sh", "-c", script),
        env=dict(os.environ),
        log=folder / "ours.log",
        ready=lambda: False,
        patience=0.3,
    )


def test_waiting_ends_at_once_when_the_part_is_dead_and_shows_its_last_words(folder: Path) -> None:
    (folder / "ours.log").write_text("of an earlier start\n")

    with pytest.raises(Failure) as told:
        Child(_part(folder, "echo I cannot; exit 4")).wait_ready()

    assert str(told.value) == (
        f"ours stopped at once (exit status 4). Its log ({folder}/ours.log) ends with:\nI cannot"
    )


def test_waiting_does_not_last_for_ever(folder: Path) -> None:
    child = Child(_part(folder, "echo thinking; exec sleep 1000"))
    try:
        with pytest.raises(Failure, match=r"did not answer within 0 seconds(.|\n)*thinking"):
            child.wait_ready()
    finally:
        child.stop()
