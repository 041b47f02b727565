"""Services, and a whole platform, for tests and tools: started in a folder, gone at the end."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deploy.embedded import announcement, identity, ports, redis_server, state
from deploy.embedded import postgres as postgres_server
from deploy.embedded import sandbox as sandbox_server
from deploy.embedded.failure import Failure
from deploy.embedded.given import PAYMENTS
from deploy.embedded.process import REPOSITORY, Part, running

# What this process may be told for its own use: the demonstration has services of its own.
_ITS_OWN = {"DATABASE_URL", "REDIS_URL", "EMAIL_URL", "S3_ENDPOINT_URL", *PAYMENTS}


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder for one run, open enough for the database's account to reach its data in it."""
    folder = Path(tempfile.mkdtemp(prefix="preau-"))
    folder.chmod(0o711)
    try:
        yield folder.resolve()
    finally:
        shutil.rmtree(folder)


@contextmanager
def postgres(folder: Path, *, durable: bool = False, backups: bool = False) -> Iterator[postgres_server.Postgres]:
    """A PostgreSQL server on the data kept in `folder`; `.url` is an empty database at the first start."""
    server = postgres_server.prepare(folder.absolute(), durable=durable, backups=backups)
    with running(server.part):
        yield server


@contextmanager
def redis(folder: Path) -> Iterator[redis_server.Redis]:
    """A Redis server, empty at each start; `.url` is its address."""
    server = redis_server.prepare(folder.absolute())
    with running(server.part):
        yield server


@contextmanager
def sandbox(folder: Path, *, webhook_url: str) -> Iterator[sandbox_server.Sandbox]:
    """A payment sandbox; `.environment()` is what the platform must be told."""
    server = sandbox_server.prepare(folder.absolute(), webhook_url=webhook_url)
    with running(server.part):
        yield server


@contextmanager
def identities(folder: Path) -> Iterator[identity.Identity]:
    """A simulated provider of identities; `.url` is its issuer."""
    server = identity.prepare(folder.absolute())
    with running(server.part):
        yield server


@contextmanager
def platform(
    folder: Path, *, port: int | None = None, env: Mapping[str, str] | None = None
) -> Iterator[dict[str, Any]]:
    """The whole demonstration, as its own process: yields what it publishes in demo.json."""
    folder = state.prepare(folder).absolute()
    chosen = port or ports.any_free()
    part = Part(
        name="platform",
        argv=(sys.executable, "-m", "deploy.embedded", "demo", "--state", str(folder)),
        env={name: value for name, value in os.environ.items() if name not in _ITS_OWN}
        # Thrown away as a whole: nobody will want a moment of it back, unless it is said.
        | {"PREAU_BACKUPS": "0", **(env or {}), "PORT": str(chosen)},
        cwd=REPOSITORY,
        log=folder / "demo.log",
        before=lambda: announcement.withdraw(folder),
        ready=lambda: announcement.read(folder) is not None,
        patience=240.0,
        grace=30.0,
    )
    with running(part):
        facts = announcement.read(folder)
        if facts is None:
            raise Failure(f"The platform stopped as soon as it had started: see {part.log}")
        yield facts
