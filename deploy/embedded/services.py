"""Databases for tests and tools, as context managers: started in a folder, gone at the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.embedded import postgres as postgres_server
from deploy.embedded import redis_server
from deploy.embedded.process import Child, Part


@contextmanager
def running(part: Part) -> Iterator[Child]:
    """The part, started and ready."""
    child = Child(part)
    try:
        child.wait_ready()
        yield child
    finally:
        child.stop()


@contextmanager
def postgres(folder: Path, *, durable: bool = False) -> Iterator[postgres_server.Postgres]:
    """A PostgreSQL server on the data kept in `folder`; `.url` is an empty database at the first start."""
    server = postgres_server.prepare(folder.absolute(), durable=durable)
    with running(server.part):
        yield server


@contextmanager
def redis(folder: Path) -> Iterator[redis_server.Redis]:
    """A Redis server, empty at each start; `.url` is its address."""
    server = redis_server.prepare(folder.absolute())
    with running(server.part):
        yield server
