"""TCP ports on this machine: found free, and remembered so that addresses survive a restart."""

import errno
import json
import socket
from pathlib import Path

from deploy.embedded.failure import Failure
from deploy.embedded.state import write_private

LOOPBACK = "127.0.0.1"


def is_free(port: int) -> bool:
    """Whether a server could listen on the port now; lingering connections of an earlier one do not count.

    `localhost` may mean either protocol: a port that another program holds in one of them is not free.
    """
    return _can_bind(socket.AF_INET, LOOPBACK, port) and _can_bind(socket.AF_INET6, "::1", port)


def _can_bind(family: socket.AddressFamily, address: str, port: int) -> bool:
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, port))
    except OSError as error:
        # Any other error says that the machine does not know the protocol.
        return error.errno not in {errno.EADDRINUSE, errno.EACCES}
    return True


def any_free() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def first_free(start: int) -> int:
    """The first free port from `start` upwards, or any at all."""
    return next((port for port in range(start, start + 50) if is_free(port)), None) or any_free()


def known(state: Path, name: str) -> int:
    """The port that this part serves on. Raises Failure when it was never started."""
    file = state / "ports.json"
    ports: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}
    if name not in ports:
        raise Failure(f"Nothing called {name} was ever started in {state}.")
    return ports[name]


def remembered(state: Path, name: str, *, preferred: int | None = None) -> int:
    """The port this part had last time if it is still free, else another one, remembered from now on."""
    file = state / "ports.json"
    known: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}
    port = known.get(name)
    if port is None or not is_free(port):
        port = first_free(preferred) if preferred else any_free()
        write_private(file, json.dumps(known | {name: port}, indent=2))
    return port
