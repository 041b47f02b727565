"""Folders, accounts and waiting for the tests of the embedded platform. No Django here."""

import os
import pwd
import site
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.embedded import services
from deploy.embedded.accounts import Account, as_arguments
from deploy.embedded.process import REPOSITORY


@pytest.fixture
def folder() -> Iterator[Path]:
    with services.temporary_folder() as made:
        yield made


@pytest.fixture(scope="session")
def _prepared() -> Iterator[Path]:
    with services.temporary_folder() as made:
        with services.postgres(made):
            pass
        yield made


@pytest.fixture
def data_folder(_prepared: Path, folder: Path) -> Path:
    """A folder whose database has served before: quicker than making one."""
    # Not shutil: the files keep the account of the server.
    subprocess.run(["cp", "-a", f"{_prepared}/.", folder], check=True)
    (folder / "ports.json").unlink()
    return folder


@dataclass(frozen=True)
class Person:
    """Somebody who runs the project: an account, and a Python that account may run."""

    account: Account | None
    python: str

    def command(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a module of the project as this person, in the background."""
        return subprocess.Popen(
            [self.python, "-m", *arguments],
            cwd=REPOSITORY,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(REPOSITORY), *site.getsitepackages()])},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            **as_arguments(self.account),
        )

    def owns(self, path: Path) -> Path:
        if self.account:
            os.chown(path, self.account.uid, self.account.gid)
        return path


@pytest.fixture(params=["myself", "an ordinary user"])
def person(request: pytest.FixtureRequest) -> Person:
    """Whoever runs the tests; run as root, the same again as an ordinary account."""
    if request.param == "myself":
        return Person(None, sys.executable)
    if os.geteuid() != 0:
        pytest.skip("only root can become somebody else, and these tests already run as an ordinary user")
    nobody = pwd.getpwnam("nobody")
    account = Account(nobody.pw_uid, nobody.pw_gid)
    python = _python_for(account)
    if python is None:
        pytest.skip("no Python of this version outside folders closed to other accounts")
    return Person(account, python)


def _python_for(account: Account) -> str | None:
    for candidate in (sys.executable, f"/usr/bin/python{sys.version_info.major}.{sys.version_info.minor}"):
        try:
            asked = subprocess.run(
                [candidate, "-c", "import psycopg"],
                env={"PYTHONPATH": os.pathsep.join(site.getsitepackages())},
                cwd="/",
                capture_output=True,
                check=False,
                **as_arguments(account),
            )
        except OSError:
            continue
        if asked.returncode == 0:
            return candidate
    return None


def eventually(condition: Callable[[], bool], *, seconds: float = 10) -> None:
    """Wait for something to become true, and fail when it does not."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"still not so after {seconds} seconds"
        time.sleep(0.02)
