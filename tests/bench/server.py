"""The platform's own web processes, as it is deployed, on the database and the Redis of this run."""

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
from django.conf import settings

from deploy.embedded import ports, product, services
from deploy.embedded.failure import Failure
from deploy.embedded.process import Child, kill_group

_STARTS = 20


@dataclass(frozen=True)
class Server:
    """`port` answers for every organisation: `Host` says which. `children` by the name of their part."""

    port: int
    children: dict[str, Child]

    def kill(self, name: str) -> None:
        """As a machine kills: no last word. It is started again, and serves when this returns."""
        kill_group(self.children[name].process)
        for _ in range(_STARTS):
            self.children[name] = Child(self.children[name].part)
            # It may find the database down: its supervisor would try again too.
            with suppress(Failure):
                self.children[name].wait_ready()
                return
            time.sleep(1)
        raise Failure(f"{name} does not come back")

    def processor_seconds(self) -> dict[str, float]:
        """What each part has worked so far, its own processes together."""
        return {name: worked_by(child.pid) for name, child in self.children.items()}

    def memory_mb(self) -> dict[str, float]:
        return {name: sum(map(_memory, _family(child.pid))) for name, child in self.children.items()}


@contextmanager
def serving(
    *,
    database_port: int | None = None,
    background: bool = False,
    more: Mapping[str, str] | None = None,
    port: int | None = None,
) -> Iterator[Server]:
    """Web processes on what the test has committed; with the worker that sends what was promised, if `background`.

    `database_port`: another way to the same database (tests.bench.latency). Sessions made by this process hold there.
    """
    with services.temporary_folder() as folder, ExitStack() as started:
        port = port or ports.any_free()
        env = _environment(folder, port, database_port, more or {})
        parts = [product.web(folder, port=port, env=env)]
        if background:
            parts.append(product.background(folder, env=env)[0])
        server = Server(port, {})
        started.callback(lambda: [child.stop() for child in server.children.values()])
        for part in parts:
            server.children[part.name] = Child(part)
            server.children[part.name].wait_ready()
        yield server


def database_url(port: int | None = None) -> str:
    """Of the database that Django uses in this process."""
    known = {name: quote(str(settings.DATABASES["default"][name])) for name in ("USER", "PASSWORD", "HOST", "NAME")}
    way = port or settings.DATABASES["default"]["PORT"]
    return f"postgresql://{known['USER']}:{known['PASSWORD']}@{known['HOST']}:{way}/{known['NAME']}"


def worked_by(pid: int) -> float:
    """Processor seconds of a process and of all that it started and still runs."""
    return sum(_worked(each) for each in _family(pid))


def database_pid() -> int:
    """The database server's own process, where it runs on this machine."""
    port = int(settings.DATABASES["default"]["PORT"])
    return next(
        listening.pid
        for listening in psutil.net_connections("tcp4")
        if listening.status == psutil.CONN_LISTEN and listening.laddr.port == port and listening.pid
    )


def _environment(folder: Path, port: int, database_port: int | None, more: Mapping[str, str]) -> dict[str, str]:
    known = {
        "DATABASE_URL": database_url(database_port),
        "REDIS_URL": settings.REDIS_URL,
        "EMAIL_URL": f"file://{folder}/mail",
        "STRIPE_SECRET_KEY": settings.STRIPE_SECRET_KEY,
        "STRIPE_WEBHOOK_SECRET": settings.STRIPE_WEBHOOK_SECRET,
        "LOG_LEVEL": "WARNING",
    }
    # What a session signs must be read there.
    told = {**known, "SECRET_KEY": settings.SECRET_KEY, **more}
    return {**product.environment(folder, port=port, services=known), **told}


def _family(pid: int) -> list[psutil.Process]:
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


def _worked(process: psutil.Process) -> float:
    spent = process.cpu_times()
    # Of the children that ended meanwhile too: a backend of the database leaves with its client.
    return float(spent.user + spent.system + spent.children_user + spent.children_system)


def _memory(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / 1e6
