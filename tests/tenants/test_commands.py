"""The command line of the registry."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tenants.models import Organisation
from tests.isolation.conftest import Ask
from tests.isolation.conftest import ask as ask  # the fixture

pytestmark = pytest.mark.django_db


def organisations(*arguments: str) -> str:
    answer = StringIO()
    call_command("organisations", *arguments, stdout=answer)
    return answer.getvalue()


def as_json(*arguments: str) -> Any:
    return json.loads(organisations(*arguments, "--json"))


def test_one_is_made_and_in_service_when_the_command_ends() -> None:
    made = as_json("create", "--name", "École des Érables", "--slug", "erables")

    organisation = Organisation.objects.get(slug="erables")
    assert made == [
        {
            "id": str(organisation.id),
            "slug": "erables",
            "name": "École des Érables",
            "kind": "organisation",
            "state": "ready",
            "schema": organisation.schema_name,
            "preset": "",
            "url": "http://erables.localhost:8000",
        }
    ]


def test_an_address_already_taken_is_said_so() -> None:
    with pytest.raises(CommandError, match="Cette adresse est déjà prise"):
        organisations("create", "--name", "École", "--slug", "a")


def test_all_are_listed() -> None:
    assert [(row["slug"], row["state"]) for row in as_json("list")] == [
        ("a", "ready"),
        ("b", "ready"),
        ("ops", "ready"),
    ]
    assert len(organisations("list").splitlines()) == 3


def test_those_behind_are_told(organisation_b: Organisation, ask: Ask) -> None:
    assert as_json("migrate", "--status") == []

    ask(f"DELETE FROM {organisation_b.schema_name}.django_migrations WHERE app = 'sessions'")

    assert [row["slug"] for row in as_json("migrate", "--status")] == ["b"]


def test_unlike_schemas_are_told(organisation_b: Organisation, ask: Ask) -> None:
    assert organisations("compare") == "3 schemas alike\n"

    ask(f"DROP TABLE {organisation_b.schema_name}.django_session")

    with pytest.raises(CommandError, match=r"- column django_session.expire_date"):
        organisations("compare")


@pytest.mark.django_db(transaction=True)
def test_a_release_with_nothing_new_changes_nothing() -> None:
    answer = StringIO()

    call_command("migrate_registry", stdout=answer)

    assert answer.getvalue() == "registry migrated, 0 organisations brought up to date\n"
