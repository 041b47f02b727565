"""Asks an identity provider over the network: the only requests whose address somebody of an organisation wrote.

Encrypted, never to an address inside our own network, never by a redirect, and neither long nor large.
"""

import ipaddress
import socket
import threading
import time
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

SECONDS = 5
MOST_BYTES = 64 * 1024
WELL_KNOWN = "/.well-known/openid-configuration"
# Of IPv6, what is given out; and of that, the tunnels, whose addresses hold one of IPv4 that may be inside.
_GIVEN_OUT = ipaddress.ip_network("2000::/3")
_TUNNELS = (ipaddress.ip_network("2001::/32"), ipaddress.ip_network("2002::/16"))


class Forbidden(requests.RequestException):
    """The address is not one that we may ask."""


class Session(requests.Session):
    """A `requests` session that keeps to these rules whatever it is asked."""

    def __init__(self) -> None:
        super().__init__()
        # A proxy of the environment would resolve names out of our sight.
        self.trust_env = False
        for scheme in ("https://", "http://"):
            self.mount(scheme, _Adapter(max_retries=0))

    def request(self, method: str, url: str, **options: Any) -> requests.Response:  # type: ignore[override]
        """Raises requests.RequestException."""
        if urlsplit(url).scheme != "https" and not settings.IDENTITY_PROVIDERS_ON_LOOPBACK:
            raise Forbidden(f"not https: {url}")
        options |= {"timeout": SECONDS, "allow_redirects": False, "stream": True}
        response = super().request(method, url, **options)
        with response:
            if response.is_redirect:
                raise Forbidden(f"a redirect: {url}")
            response._content = _read(response)
        return response


def metadata(issuer: str) -> dict[str, Any]:
    """What the provider says of itself. Raises requests.RequestException for no answer, or one of another issuer."""
    with Session() as session:
        response = session.get(issuer.rstrip("/") + WELL_KNOWN)
        response.raise_for_status()
        return checked(response.json(), issuer)


def checked(told: Any, issuer: str) -> dict[str, Any]:
    """Raises Forbidden where it is not the metadata of `issuer`, or lacks what a sign-in needs."""
    if not isinstance(told, dict) or str(told.get("issuer", "")).rstrip("/") != issuer.rstrip("/"):
        raise Forbidden(f"not the metadata of {issuer}")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not _may_be_asked(told.get(name)):
            raise Forbidden(f"no usable {name}")
    return told


def is_outside(address: str) -> bool:
    """Is the IP address one of the open Internet? In development, our own machine will do."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    if ip.is_loopback and settings.IDENTITY_PROVIDERS_ON_LOOPBACK:
        return True
    if ip.version == 6 and (ip not in _GIVEN_OUT or any(ip in tunnel for tunnel in _TUNNELS)):
        return False
    return ip.is_global and not ip.is_multicast


def _may_be_asked(url: object) -> bool:
    if not isinstance(url, str):
        return False
    parts = urlsplit(url)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and settings.IDENTITY_PROVIDERS_ON_LOOPBACK)
    )


def _read(response: requests.Response) -> bytes:
    deadline, body = time.monotonic() + SECONDS, b""
    for piece in response.iter_content(8192):
        body += piece
        if len(body) > MOST_BYTES:
            raise Forbidden("too long an answer")
        if time.monotonic() > deadline:
            raise Forbidden("too slow an answer")
    return body


class _Guarded:
    """The address is judged once the name is resolved, and again on the connection made: a name may change between.

    Cut when its time is over: a timeout counts from each byte, and one byte a second would hold us for hours.
    """

    host: str
    port: int

    def _new_conn(self) -> socket.socket:
        found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        if not all(is_outside(str(address[4][0])) for address in found):
            raise Forbidden(f"an address inside: {self.host}")
        made: socket.socket = super()._new_conn()  # type: ignore[misc]
        if not is_outside(made.getpeername()[0]):
            made.close()
            raise Forbidden(f"an address inside: {self.host}")
        self._twin = made.dup()
        self._end = threading.Timer(SECONDS, _cut, [self._twin])
        self._end.daemon = True
        self._end.start()
        return made

    def close(self) -> None:
        if hasattr(self, "_end"):
            self._end.cancel()
            self._twin.close()
        super().close()  # type: ignore[misc]


def _cut(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


class _Plain(_Guarded, HTTPConnection):
    pass


class _Encrypted(_Guarded, HTTPSConnection):
    pass


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _EncryptedPool(HTTPSConnectionPool):
    ConnectionCls = _Encrypted


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _EncryptedPool}
