"""`python -m deploy.embedded.nameserver PORT FILE`: a name server that answers what a file says, on this machine alone.

The file holds one object, by name: `{"a.example": {"CNAME": ["b.example."], "TXT": ["…"]}}`. In place of records,
"SILENT" lets a question go unanswered and "SERVFAIL" answers that it cannot be answered. A name without a line does
not exist. The file is read again whenever it changes.
"""

import json
import socketserver
import sys
import threading
from pathlib import Path

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from deploy.embedded.ports import LOOPBACK

_TTL_SECONDS = 1
_LONGEST_CHAIN = 8
_UDP_BYTES = 1232


class Names:
    """What the file says, as it is now."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def answer(self, question: bytes) -> bytes | None:
        """None: nothing is answered."""
        try:
            asked = dns.message.from_wire(question)
            [entry] = asked.question
        except (dns.exception.DNSException, ValueError):
            return None
        told = dns.message.make_response(asked)
        told.flags |= dns.flags.AA | dns.flags.RA
        said = self._said()
        name = entry.name.to_text().rstrip(".").lower()
        match said.get(name):
            case "SILENT":
                return None
            case "SERVFAIL":
                told.set_rcode(dns.rcode.SERVFAIL)
            case None:
                told.set_rcode(dns.rcode.NXDOMAIN)
            case _:
                told.answer = _records(said, name, dns.rdatatype.to_text(entry.rdtype))
        return told.to_wire()

    def _said(self) -> dict[str, dict[str, list[str]] | str]:
        try:
            said: dict[str, dict[str, list[str]] | str] = json.loads(self.file.read_text())
        except FileNotFoundError:
            return {}
        return said


def _records(said: dict[str, dict[str, list[str]] | str], name: str, kind: str) -> list[dns.rrset.RRset]:
    """Of the name, or of what it is another name for, as a resolver tells both."""
    found = []
    for _ in range(_LONGEST_CHAIN):
        own = said.get(name)
        if not isinstance(own, dict):
            break
        if kind in own:
            values = [_quoted(each) if kind == "TXT" else each for each in own[kind]]
            found.append(dns.rrset.from_text(f"{name}.", _TTL_SECONDS, "IN", kind, *values))
            break
        if "CNAME" not in own:
            break
        found.append(dns.rrset.from_text(f"{name}.", _TTL_SECONDS, "IN", "CNAME", *own["CNAME"]))
        name = own["CNAME"][0].rstrip(".").lower()
    return found


def _quoted(text: str) -> str:
    """As a zone writes it, whichever its bytes."""
    return '"' + "".join(f"\\{byte:03}" for byte in text.encode()) + '"'


class _Server:
    """What both protocols share."""

    allow_reuse_address = True
    daemon_threads = True
    names: Names


class _Udp(_Server, socketserver.ThreadingUDPServer):
    pass


class _Tcp(_Server, socketserver.ThreadingTCPServer):
    pass


class _Datagram(socketserver.BaseRequestHandler):
    server: _Udp

    def handle(self) -> None:
        question, socket = self.request
        answer = self.server.names.answer(question)
        if answer is not None and len(answer) > _UDP_BYTES:
            # Asked again over TCP, which has the room.
            answer = _cut(answer)
        if answer is not None:
            socket.sendto(answer, self.client_address)


class _Stream(socketserver.StreamRequestHandler):
    server: _Tcp

    def handle(self) -> None:
        while head := self.rfile.read(2):
            answer = self.server.names.answer(self.rfile.read(int.from_bytes(head, "big")))
            if answer is None:
                return
            self.wfile.write(len(answer).to_bytes(2, "big") + answer)


def _cut(answer: bytes) -> bytes:
    told = dns.message.from_wire(answer)
    told.answer = []
    told.flags |= dns.flags.TC
    return told.to_wire()


class Nameserver:
    """Both protocols on one port, any free one for 0; within `with`, it answers."""

    def __init__(self, port: int, file: Path) -> None:
        self._tcp = _Tcp((LOOPBACK, port), _Stream)
        self.port: int = self._tcp.server_address[1]
        self._udp = _Udp((LOOPBACK, self.port), _Datagram)
        self._tcp.names = self._udp.names = Names(file)

    def __enter__(self) -> "Nameserver":
        for server in (self._tcp, self._udp):
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        for server in (self._tcp, self._udp):
            server.shutdown()
            server.server_close()


if __name__ == "__main__":
    with Nameserver(int(sys.argv[1]), Path(sys.argv[2])):
        threading.Event().wait()
