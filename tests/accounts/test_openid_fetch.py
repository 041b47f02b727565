"""What we ask a provider over the network, whose address somebody of an organisation wrote: never inside our own."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests
from django.conf import LazySettings

from shared_apps.accounts.providers.fetch import MOST_BYTES, Forbidden, Session, is_outside, metadata


@contextmanager
def a_server(body: bytes, *, status: int = 200, location: str = "") -> Iterator[tuple[str, list[str]]]:
    """Its address, and the paths that it was asked for. `{here}` in the body becomes its own address."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.end_headers()
            self.wfile.write(body.replace(b"{here}", here.encode()))

        def log_message(self, *_said: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    here = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield here, asked
    finally:
        server.shutdown()
        server.server_close()


METADATA = json.dumps(
    {
        "issuer": "{here}",
        "authorization_endpoint": "{here}/authorize",
        "token_endpoint": "{here}/token",
        "jwks_uri": "{here}/keys",
    }
).encode()


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - an address to refuse
        "224.0.0.1",
        "::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:10.0.0.1",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::1",
        "2001:0:a00:1::1",
    ],
)
def test_addresses_inside_are_refused(address: str, settings: LazySettings) -> None:
    settings.IDENTITY_PROVIDERS_ON_LOOPBACK = False

    assert not is_outside(address)


@pytest.mark.parametrize("address", ["193.191.245.4", "2a01:690:7:100::1"])
def test_addresses_of_the_open_internet_are_not(address: str, settings: LazySettings) -> None:
    settings.IDENTITY_PROVIDERS_ON_LOOPBACK = False

    assert is_outside(address)


def test_in_development_our_own_machine_will_do_and_its_network_will_not() -> None:
    assert is_outside("127.0.0.1")
    assert not is_outside("10.1.2.3")


def test_metadata_is_read() -> None:
    with a_server(METADATA) as (here, asked):
        assert metadata(here)["token_endpoint"] == f"{here}/token"

    assert asked == ["/.well-known/openid-configuration"]


def test_a_name_that_leads_inside_is_refused_before_anything_is_sent(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.IDENTITY_PROVIDERS_ON_LOOPBACK = False
    with a_server(METADATA) as (here, asked):
        with pytest.raises(requests.RequestException, match="an address inside"):
            Session().get(here.replace("http://127.0.0.1", "https://localhost"))

        # Outside development plain HTTP is refused whatever the address.
        with pytest.raises(Forbidden, match="not https"):
            Session().get(here)

    assert asked == []


def test_a_redirect_is_not_followed() -> None:
    with (
        a_server(METADATA) as (there, asked),
        a_server(b"", status=302, location=f"{there}/") as (here, _),
        pytest.raises(Forbidden, match="a redirect"),
    ):
        Session().get(here)

    assert asked == []


def test_an_endless_answer_is_cut() -> None:
    with a_server(b"x" * (MOST_BYTES + 1)) as (here, _), pytest.raises(Forbidden, match="too long"):
        Session().get(here)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (METADATA.replace(b'"issuer": "{here}"', b'"issuer": "https://autre.example"'), "not the metadata"),
        (METADATA.replace(b"{here}/keys", b"file:///etc/passwd"), "no usable jwks_uri"),
        (METADATA.replace(b'"token_endpoint"', b'"another"'), "no usable token_endpoint"),
        (b"[]", "not the metadata"),
    ],
)
def test_metadata_that_is_not_the_issuers_own_is_refused(body: bytes, reason: str) -> None:
    with a_server(body) as (here, _), pytest.raises(Forbidden, match=reason):
        metadata(here)


def test_what_is_no_metadata_at_all_is_an_error_like_any_other() -> None:
    with a_server(b"<html>") as (here, _), pytest.raises(requests.RequestException):
        metadata(here)
    with a_server(METADATA, status=500) as (here, _), pytest.raises(requests.RequestException):
        metadata(here)


@pytest.mark.parametrize("beginning", [b"", b"Content-Length: 9\r\n\r\n"])
def test_an_answer_that_comes_byte_by_byte_is_cut(beginning: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared_apps.accounts.providers.fetch.SECONDS", 0.4)

    def drip() -> None:
        connection = listening.accept()[0]
        with connection, suppress(OSError):
            connection.sendall(b"HTTP/1.1 200 OK\r\n" + beginning)
            while not over.wait(0.1):
                connection.sendall(b"x")

    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening, Session() as session:
        threading.Thread(target=drip, daemon=True).start()
        began = time.monotonic()
        with suppress(requests.RequestException):
            session.get(f"http://127.0.0.1:{listening.getsockname()[1]}/")
        took = time.monotonic() - began
        over.set()

    assert took < 0.9
