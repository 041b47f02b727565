"""One PostgreSQL data folder: made, freed from the traces of a crash, given its owner."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from deploy.embedded import leftovers
from deploy.embedded.accounts import Account, as_arguments
from deploy.embedded.failure import Failure
from deploy.embedded.inspection import command_line, is_running

SUPERUSER = "postgres"
_READY_LINE = 7


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """Where the data is, with which programs and under which account it is served."""

    data: Path
    programs: Path
    account: Account | None
    env: Mapping[str, str]
    password: str

    def make(self, *, durable: bool) -> None:
        """Initialise the data folder unless it is there. Interrupted, it starts afresh the next time."""
        if (self.data / "PG_VERSION").exists():
            return
        draft = self.data.with_name(f"{self.data.name}.draft")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700, parents=True)
        with tempfile.NamedTemporaryFile("w", dir=self.data.parent) as password_file:
            password_file.write(self.password)
            password_file.flush()
            if self.account:
                for path in (draft, password_file.name):
                    os.chown(path, self.account.uid, self.account.gid)
            made = subprocess.run(
                self._initdb(draft, Path(password_file.name), durable=durable),
                env=dict(self.env),
                cwd="/",
                # Ctrl-C is for the supervisor, which then stops in good order.
                start_new_session=True,
                capture_output=True,
                text=True,
                check=False,
                **as_arguments(self.account),
            )
        if made.returncode:
            raise Failure(f"PostgreSQL could not prepare {self.data}:\n{made.stderr.strip()}")
        draft.rename(self.data)

    def clear_after_crash(self) -> None:
        """End a server that outlived its parent, and remove the lock of one that is dead."""
        lock = self.data / "postmaster.pid"
        pid = self._postmaster()
        if pid is not None:
            _end(pid)
        # A killed server's helpers may hold its shared memory a moment longer, or for ever.
        leftovers.end_working_in(self.data, program=self.programs / "bin" / "postgres")
        lock.unlink(missing_ok=True)

    def serves(self) -> bool:
        """Whether the server says that it accepts connections."""
        lines = self._lock_lines()
        return len(lines) > _READY_LINE and lines[_READY_LINE].strip() == "ready"

    def give_database(self, *, port: int, name: str, password: str) -> None:
        """Make the application's role and its database, both called `name`, unless they are there."""
        with self.as_superuser(port) as server:
            if not server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone():
                server.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(name)))
            # Never a superuser: the walls between organisations would not hold it.
            server.execute(
                sql.SQL("ALTER ROLE {} LOGIN CREATEDB CREATEROLE PASSWORD {}").format(
                    sql.Identifier(name), sql.Literal(password)
                )
            )
            if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                server.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(name))
                )

    def as_superuser(self, port: int) -> psycopg.Connection:
        """A connection that may do anything, each statement confirmed at once. Raises Failure."""
        address = make_conninfo(host="127.0.0.1", port=port, user=SUPERUSER, password=self.password, dbname="postgres")
        try:
            return psycopg.connect(address, autocommit=True)
        except psycopg.OperationalError as error:
            if "password authentication failed" not in str(error):
                raise
            raise Failure(
                f"The data in {self.data} was made with another password than the one kept beside it.\n"
                "Bring the folder `secrets` back, or remove the data with `make reset`."
            ) from error

    def _initdb(self, target: Path, password_file: Path, *, durable: bool) -> list[str]:
        return [
            str(self.programs / "bin" / "initdb"),
            f"--pgdata={target}",
            f"--username={SUPERUSER}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            # No ICU in the wheel: the built-in provider folds accents and cases rightly on every machine.
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=PG_UNICODE_FAST",
            "--no-instructions",
            *([] if durable else ["--no-sync"]),
        ]

    def _lock_lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _postmaster(self) -> int | None:
        """The process that serves this folder now; a zombie, or a number given anew to another, is not it."""
        lines = self._lock_lines()
        if not lines or not lines[0].strip().isdigit():
            return None
        pid = int(lines[0])
        return pid if is_running(pid) and str(self.data) in command_line(pid) else None


def _end(pid: int) -> None:
    for number, seconds in ((signal.SIGINT, 10.0), (signal.SIGKILL, 5.0)):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not is_running(pid):
                return
            time.sleep(0.02)
    raise Failure(f"An earlier PostgreSQL (process {pid}) cannot be stopped.")
