"""A wire to the database that is cut at a chosen message: what a process that is killed right there leaves behind."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.conf import settings

from kernel.database import connection
from tenants.context import in_organisation
from tenants.models import Organisation

_CHUNK = 1 << 20


@dataclass
class Wire:
    """`left`: how many messages still pass; None for all. `delivers_last`: whether the last one arrives, unanswered."""

    port: int
    left: int | None = None
    delivers_last: bool = False
    is_cut: bool = False
    _ends: list[socket.socket] = field(default_factory=list)

    def carry(self, near: socket.socket, server: int) -> None:
        far = socket.create_connection(("127.0.0.1", server))
        self._ends += [near, far]
        threading.Thread(target=self._back, args=(far, near), daemon=True).start()
        threading.Thread(target=self._there, args=(near, far), daemon=True).start()

    def cut(self) -> None:
        self.is_cut = True
        for end in self._ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._ends.clear()

    def _there(self, near: socket.socket, far: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while message := near.recv(_CHUNK):
                if self.left is not None:
                    self.left -= 1
                    if self.left < 0:
                        if self.delivers_last:
                            far.sendall(message)
                        else:
                            self.cut()
                            return
                        continue
                far.sendall(message)

    def _back(self, far: socket.socket, near: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while answer := far.recv(_CHUNK):
                if self.left is not None and self.left < 0:
                    # The database has done it, and nobody is there any more to hear so.
                    self.cut()
                    return
                near.sendall(answer)


@contextmanager
def wire_to(organisation: Organisation) -> Iterator[Wire]:
    """This thread's connection goes over the wire, and is inside the organisation; it is cut only once told."""
    server = int(settings.DATABASES["default"]["PORT"])
    with socket.create_server(("127.0.0.1", 0)) as listening:
        wire = Wire(listening.getsockname()[1])
        settings.DATABASES["default"]["PORT"] = str(wire.port)
        try:
            threading.Thread(target=_accept, args=(listening, wire, server), daemon=True).start()
            connection.close()
            with in_organisation(organisation):
                connection.ensure_connection()
                yield wire
        finally:
            settings.DATABASES["default"]["PORT"] = str(server)
            connection.close()
            wire.cut()


def _accept(listening: socket.socket, wire: Wire, server: int) -> None:
    with contextlib.suppress(OSError):
        near, _ = listening.accept()
        # Who is killed does not come again.
        listening.close()
        wire.carry(near, server)
