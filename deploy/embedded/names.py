"""The name server as a child: what stands in for the DNS, so that an organisation's own name can be tried here."""

import json
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.embedded import ports, product, state
from deploy.embedded.process import Part

RESOLVERS, ADDRESSES = "DNS_RESOLVERS", "PLATFORM_ADDRESSES"
_FILE = "names.json"


@dataclass(frozen=True)
class NameServer:
    """Ready to be started; `file` is what it answers."""

    part: Part
    port: int
    file: Path

    def environment(self) -> dict[str, str]:
        """How the platform is told of it."""
        return {RESOLVERS: f"{ports.LOOPBACK}:{self.port}", ADDRESSES: ports.LOOPBACK}


def prepare(folder: Path) -> NameServer:
    """Find its port, the same at each start; what was published before is answered again."""
    state.prepare(folder)
    port, file = ports.remembered(folder, "names"), file_in(folder)
    part = Part(
        name="names",
        argv=(sys.executable, "-m", "deploy.embedded.nameserver", str(port), str(file)),
        env=product.base_environment(folder),
        log=folder / "logs" / "names.log",
        ready=lambda: _listens(port),
    )
    return NameServer(part, port, file)


def file_in(folder: Path) -> Path:
    return folder / _FILE


def publish(file: Path, records: dict[str, Any]) -> None:
    """Have these names answered beside those that are there; None takes one away."""
    known = json.loads(file.read_text()) if file.exists() else {}
    left = {name: said for name, said in {**known, **records}.items() if said is not None}
    state.write_private(file, json.dumps(left, indent=2))


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection((ports.LOOPBACK, port), timeout=1):
        return True
    return False
