"""The command line of the registry."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tenant_apps.organisation.models import Profile
from tenants.context import in_organisation
from tenants.models import Domain, Organisation, State, SuspendedFor
from tenants.operations.suspend import suspend
from tests.factories.moments import NOON
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


def test_one_that_was_erased_is_listed_without_an_address(organisation_b: Organisation) -> None:
    Domain.objects.filter(tenant=organisation_b).delete()
    Organisation.objects.filter(pk=organisation_b.pk).update(state=State.ERASED)

    rows = {each["slug"]: each["url"] for each in as_json("list")}

    assert (rows[organisation_b.slug], rows["ops"]) == ("", "http://localhost:8000")
    assert organisation_b.slug in organisations("list")


def test_what_is_not_said_is_as_the_preset_has_it() -> None:
    organisations("create", "--name", "Brimont", "--slug", "brimont", "--preset", "commune_be", "--language", "nl")

    made = Organisation.objects.get(slug="brimont")
    assert (made.time_zone, made.currency, made.country, made.language) == ("Europe/Brussels", "eur", "BE", "nl")
    with in_organisation(made):
        profile = Profile.objects.get()
    assert (profile.time_zone, profile.currency, profile.territory) == ("Europe/Brussels", "eur", "BE")


def test_what_is_said_stands_above_the_preset() -> None:
    organisations("create", "--name", "V", "--slug", "v", "--preset", "city_qc", "--time-zone", "America/Halifax")

    with in_organisation(Organisation.objects.get(slug="v")):
        assert Profile.objects.get().time_zone == "America/Halifax"


def test_an_unknown_preset_is_said_so() -> None:
    with pytest.raises(CommandError, match="no preset is named 'moon_base'"):
        organisations("create", "--name", "Base", "--slug", "base", "--preset", "moon_base")

    assert not Organisation.objects.filter(slug="base").exists()


def test_an_address_already_taken_is_said_so() -> None:
    with pytest.raises(CommandError, match="Cette adresse est déjà prise"):
        organisations("create", "--name", "École", "--slug", "a")


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"name": " "}, "Dites un nom"),
        ({"name": "É" * 201}, "de 200 caractères au plus"),
        ({"slug": "../../etc"}, "Des lettres minuscules sans accent"),
        ({"slug": "Érables"}, "Des lettres minuscules sans accent"),
        ({"slug": "e" * 41}, "Au plus 40 caractères"),
        ({"time-zone": "Mars/Phobos"}, "«\u202fMars/Phobos\u202f» n’est pas connu ici"),
        ({"currency": "zzz"}, "«\u202fzzz\u202f» n’est pas connu ici"),
        ({"currency": "jpy"}, "«\u202fjpy\u202f» n’est pas connu ici"),
        ({"country": "ZZ"}, "«\u202fZZ\u202f» n’est pas connu ici"),
        ({"country": "be"}, "«\u202fbe\u202f» n’est pas connu ici"),
        ({"language": "xx"}, "«\u202fxx\u202f» n’est pas connu ici"),
        ({"preset": "city_qc", "language": "nl"}, "n’offre pas encore cette langue"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_made(said: dict[str, str], refusal: str) -> None:
    words = [
        word for name, value in ({"name": "École", "slug": "erables"} | said).items() for word in (f"--{name}", value)
    ]

    with pytest.raises(CommandError, match=refusal):
        organisations("create", *words)

    assert Organisation.objects.count() == 3


def test_all_are_listed() -> None:
    assert [(row["slug"], row["state"]) for row in as_json("list")] == [
        ("a", "ready"),
        ("b", "ready"),
        ("ops", "ready"),
    ]
    assert len(organisations("list").splitlines()) == 3


def test_those_behind_are_told(organisation_b: Organisation, ask: Ask) -> None:
    def states() -> list[tuple[str, str]]:
        return sorted((row["slug"], row["state"]) for row in as_json("migrate", "--status"))

    assert states() == [("a", "done"), ("b", "done"), ("ops", "done")]

    ask(f"DELETE FROM {organisation_b.schema_name}.django_migrations WHERE app = 'sessions'")

    assert states() == [("a", "done"), ("b", "behind"), ("ops", "done")]


def test_what_would_be_done_is_told_and_not_done(organisation_b: Organisation, ask: Ask) -> None:
    ask(f"DELETE FROM {organisation_b.schema_name}.django_migrations WHERE app = 'sessions'")

    [step] = as_json("migrate", "--dry-run")

    assert (step["migration"], step["organisations"], step["breaks"]) == ("sessions.0001_initial", 1, [])
    assert step["statements"][0].startswith('CREATE TABLE "django_session"')
    assert {row["slug"]: row["state"] for row in as_json("migrate", "--status")}["b"] == "behind"


def test_one_is_suspended_and_put_back_in_service() -> None:
    assert [row["state"] for row in as_json("suspend", "a")] == ["suspended"]
    assert [row["state"] for row in as_json("resume", "a")] == ["ready"]
    with pytest.raises(CommandError, match="There is no organisation 'nobody'"):
        organisations("suspend", "nobody")


def test_the_platforms_own_is_never_suspended() -> None:
    with pytest.raises(CommandError, match="ops is the platform's own: it is never suspended"):
        organisations("suspend", "ops")

    assert Organisation.objects.get(slug="ops").state == "ready"


def test_what_a_bill_has_suspended_is_not_resumed_by_a_decision(organisation_b: Organisation) -> None:
    suspend(organisation_id=organisation_b.pk, reason=SuspendedFor.UNPAID, at=NOON)

    with pytest.raises(CommandError, match="b was not suspended by decision: Facture impayée"):
        organisations("resume", "b")


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
