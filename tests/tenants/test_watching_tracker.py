"""What the error tracker is sent, as it is sent: seen by a server that stands in its place."""

import gzip
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import sentry_sdk
from celery import shared_task
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from kernel import tracker
from shared_apps.accounts.access import public
from tenants.models import Organisation
from tenants.tasks import HEADER
from tests.clients import HostClient

pytestmark = pytest.mark.django_db

CANARY = "Lovelace-canari"
PATIENCE_SECONDS = 10


@public
def fails(request: HttpRequest, name: str) -> HttpResponse:
    """A name is in the address, in the form, in a local variable, and in the words of the database's error."""
    typed = request.POST["name"]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT %s::int AS what", [typed])
    return HttpResponse()


urlpatterns = [path("fails/<str:name>", fails, name="fails"), path("", include("config.urls.organisation"))]


@shared_task(name="tests.tracked")
def tracked() -> None:
    name = CANARY
    raise ValueError(name)


@pytest.fixture
def received(settings: Any) -> Iterator[list[bytes]]:
    """What a tracker on this machine is sent."""
    envelopes: list[bytes] = []

    class Tracker(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            envelopes.append(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
            envelopes.append(str(self.headers).encode())
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Tracker)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.ERROR_TRACKER_DSN = f"http://key@127.0.0.1:{server.server_port}/1"
    settings.RELEASE = "2026.11"
    settings.REGION = "ca-east"
    tracker.start()
    yield envelopes
    sentry_sdk.get_client().close()
    sentry_sdk.init()
    server.shutdown()


@pytest.fixture
def site(settings: Any, client: HostClient) -> HostClient:
    settings.URLCONFS = {"organisation": __name__, "operations": __name__}
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False
    return client


def event(received: list[bytes]) -> dict[str, Any]:
    """The only one that was sent."""
    sentry_sdk.flush(PATIENCE_SECONDS)
    [body] = [part for part in received if part.startswith(b"{")]
    _, head, payload = body.split(b"\n", 2)
    assert json.loads(head)["type"] == "event"
    told: dict[str, Any] = json.loads(payload)
    return told


def test_an_error_is_told_with_its_kind_its_place_and_where_it_happened(
    site: HostClient, received: list[bytes]
) -> None:
    answer = site.post(f"/fails/{CANARY}?q={CANARY}", {"name": CANARY}, headers={"X-Name": CANARY})

    told = event(received)
    cause, error = told["exception"]["values"]
    assert (cause["type"], error["module"], error["type"]) == (
        "InvalidTextRepresentation",
        "django.db.utils",
        "DataError",
    )
    assert [frame["function"] for frame in error["stacktrace"]["frames"] if frame["module"] == __name__] == ["fails"]
    assert told["tags"] == {
        "region": "ca-east",
        "organisation": "a",
        "request_id": answer.headers["X-Request-Id"],
    }
    assert (told["release"], told["environment"], told["transaction"]) == ("2026.11", "development", "fails")


def test_nothing_that_anybody_typed_is_sent(site: HostClient, received: list[bytes]) -> None:
    site.cookies["name"] = CANARY
    site.post(f"/fails/{CANARY}?q={CANARY}", {"name": CANARY}, headers={"X-Name": CANARY, "Referer": CANARY})

    told = event(received)
    assert CANARY.encode() not in b"".join(received)
    assert b"SELECT" not in b"".join(received)
    assert set(told) == {
        "event_id",
        "timestamp",
        "transaction",
        "platform",
        "level",
        "release",
        "environment",
        "tags",
        "exception",
    }
    for value in told["exception"]["values"]:
        assert set(value) == {"type", "module", "stacktrace"}
        for frame in value["stacktrace"]["frames"]:
            assert set(frame) == {"module", "function", "lineno", "filename"}


def test_a_task_s_error_names_the_task(organisation_a: Organisation, received: list[bytes]) -> None:
    result = tracked.apply(headers={HEADER: organisation_a.schema_name, "request_id": "the-request"})

    told = event(received)
    assert told["tags"] == {
        "region": "ca-east",
        "organisation": "a",
        "request_id": "the-request",
        "task": "tests.tracked",
        "task_id": result.id,
    }
    assert CANARY.encode() not in b"".join(received)


def test_without_a_tracker_nothing_is_sent(site: HostClient, received: list[bytes], settings: Any) -> None:
    settings.ERROR_TRACKER_DSN = ""

    site.post(f"/fails/{CANARY}", {"name": CANARY})

    sentry_sdk.flush(PATIENCE_SECONDS)
    assert received == []


def test_what_nobody_reported_is_not_gathered(received: list[bytes]) -> None:
    import logging

    logging.getLogger("any").error("an error of %s", CANARY)
    sentry_sdk.add_breadcrumb(message=CANARY)
    sentry_sdk.capture_message(CANARY)

    sentry_sdk.flush(PATIENCE_SECONDS)
    assert received == []
