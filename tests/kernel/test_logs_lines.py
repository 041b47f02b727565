"""What a line of the log says, and what none of them says."""

import io
import json
import logging
from typing import Any

import pytest
import structlog
from celery import shared_task
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from kernel import ids
from shared_apps.accounts.access import public
from shared_apps.outbox.tasks import deliver
from tenants.models import Organisation
from tenants.tasks import HEADER, platform_task
from tests.clients import HostClient
from tests.kernel.test_logs import lines as lines  # the fixture

pytestmark = pytest.mark.django_db

CANARY = "Ada-Lovelace-canari@example.org"


@public
def fails(request: HttpRequest, name: str) -> HttpResponse:
    """The database repeats what was typed in the words of its error."""
    with connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute("SELECT %s::int", [request.POST["name"]])
        except Exception as error:
            raise IntegrityError(f"Key (email)=({name}) already exists") from error
    return HttpResponse()


@public
def sends(request: HttpRequest) -> HttpResponse:
    deliver.delay()
    return HttpResponse()


urlpatterns = [
    path("fails/<str:name>", fails, name="fails"),
    path("sends", sends, name="sends"),
    path("", include("config.urls.organisation")),
]


@shared_task(name="tests.fails_with_words")
def fails_with_words() -> None:
    raise ValueError(CANARY)


@platform_task
def fails_on_the_registry() -> None:
    logging.getLogger("a.library").error("it went wrong", exc_info=ValueError(CANARY))
    raise LookupError(CANARY)


@pytest.fixture
def site(settings: Any) -> None:
    settings.URLCONFS = {"organisation": __name__, "operations": __name__}
    settings.ROOT_URLCONF = __name__


def told(lines: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def test_each_request_has_one_line_with_its_route_and_its_organisation(client: HostClient, lines: io.StringIO) -> None:
    answer = client.get("/activites?q=Ada-Lovelace")

    [line] = [line for line in told(lines) if line["event"] == "request"]
    assert {name: line[name] for name in ("method", "route", "status", "organisation", "request_id")} == {
        "method": "GET",
        "route": "activites",
        "status": 200,
        "organisation": "a",
        "request_id": answer.headers["X-Request-Id"],
    }
    assert isinstance(line["ms"], int)
    assert "Lovelace" not in lines.getvalue()


def test_an_address_that_nobody_has_is_not_repeated(client: HostClient, lines: io.StringIO) -> None:
    client.get(f"/{CANARY}")

    [line] = told(lines)
    assert (line["event"], line["status"], line["route"]) == ("request", 404, None)
    assert CANARY not in lines.getvalue()


@pytest.mark.parametrize("address", ["/healthz", "/readyz", "/static/nothing.css"])
def test_what_nobody_asked_for_has_no_line(client: HostClient, lines: io.StringIO, address: str) -> None:
    client.get(address)

    assert [line for line in told(lines) if line["event"] == "request"] == []


@pytest.mark.usefixtures("site")
def test_an_error_is_told_by_its_kind_and_place_without_its_words(client: HostClient, lines: io.StringIO) -> None:
    client.raise_request_exception = False

    answer = client.post(f"/fails/{CANARY}", {"name": CANARY})

    assert answer.status_code == 500
    failed = next(line for line in told(lines) if line["event"] == "request_failed")
    assert [cause["kind"] for cause in failed["exception"]] == [
        "django.db.utils.IntegrityError",
        "django.db.utils.DataError",
        "psycopg.errors.InvalidTextRepresentation",
    ]
    assert failed["exception"][0]["at"][-1].startswith("tests.kernel.test_logs_lines:")
    assert (failed["organisation"], failed["request_id"]) == ("a", answer.headers["X-Request-Id"])
    assert CANARY not in lines.getvalue()


def test_an_error_given_as_a_value_is_told_by_its_kind(lines: io.StringIO) -> None:
    structlog.get_logger("x").warning("away", reason=ValueError(CANARY))

    [line] = told(lines)
    assert line["reason"] == "ValueError"


def test_a_task_s_lines_name_it_its_organisation_and_the_request_that_asked_for_it(
    organisation_a: Organisation, lines: io.StringIO
) -> None:
    headers = {HEADER: organisation_a.schema_name, "request_id": "the-request"}

    result = fails_with_words.apply(headers=headers)

    about = {"organisation": "a", "task": "tests.fails_with_words", "request_id": "the-request", "task_id": result.id}
    for event in ("task_failed", "task"):
        [line] = [line for line in told(lines) if line["event"] == event]
        assert {name: line[name] for name in about} == about
    assert line["state"] == "failure"
    assert CANARY not in lines.getvalue()


def test_what_a_task_says_of_itself_does_not_stay_for_what_comes_after(
    organisation_a: Organisation, lines: io.StringIO
) -> None:
    structlog.contextvars.clear_contextvars()
    with structlog.contextvars.bound_contextvars(request_id="before"):
        fails_on_the_registry.apply()
        structlog.get_logger("x").info("after")

    after = told(lines)[-1]
    assert after["event"] == "after"
    assert {"task", "task_id", "organisation"} & set(after) == set()
    assert after["request_id"] == "before"
    assert CANARY not in lines.getvalue()


@pytest.mark.usefixtures("site")
def test_the_request_travels_with_what_it_sends(client: HostClient) -> None:
    from tests.isolation import worker

    answer = client.get("/sends")

    [message] = worker.notes().lrange("celery", 0, -1)
    assert json.loads(message)["headers"]["request_id"] == answer.headers["X-Request-Id"]


def test_who_answers_gives_each_request_another_identifier(client: HostClient) -> None:
    first, second = (client.get("/").headers["X-Request-Id"] for _ in range(2))

    assert first != second
    assert ids.read(first)
