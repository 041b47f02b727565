"""A request enters its organisation and leaves it, whatever happens in between."""

import pytest
from django.db import connection
from django.test import Client

from tenants.models import Organisation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_site")]

HOST = {"host": "a.localhost"}


def test_a_request_ends_on_the_registry(organisation_b: Organisation) -> None:
    connection.set_tenant(organisation_b)

    Client().get("/", headers=HOST)

    assert connection.schema_name == "public"


def test_a_request_that_fails_ends_there_too() -> None:
    response = Client(raise_request_exception=False).get("/fails", headers=HOST)

    assert (response.status_code, connection.schema_name) == (500, "public")


def test_what_is_streamed_is_read_in_the_organisation_it_was_asked_of(db: None) -> None:
    organisation = Organisation.objects.get(slug="a")

    response = Client().get("/streams", headers=HOST)
    schema = connection.schema_name
    body = b"".join(response.streaming_content).decode()

    assert (schema, body) == ("public", f"{organisation.schema_name} {organisation.schema_name}\n0")
    assert connection.schema_name == "public"


def test_a_stream_left_halfway_leaves_nothing_behind() -> None:
    response = Client().get("/streams", headers=HOST)
    next(response.streaming_content)
    schema = connection.schema_name
    response.close()

    assert (schema, connection.schema_name) == ("public", "public")
