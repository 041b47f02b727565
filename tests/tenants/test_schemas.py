"""The template, and how organisations are kept up with the migrations."""

from pathlib import Path

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from tenants.models import Organisation, SchemaTemplate
from tenants.schemas import compare, dump, migrate, parallel, template
from tests.isolation.conftest import Ask
from tests.isolation.conftest import ask as ask  # the fixture

pytestmark = pytest.mark.django_db


def forget_migration(organisation: Organisation, app: str, ask: Ask) -> None:
    ask(f"DELETE FROM {organisation.schema_name}.django_migrations WHERE app = %s", app)


def tables(sql: str) -> list[str]:
    return [line for line in sql.splitlines() if line.startswith("CREATE TABLE")]


def test_the_template_is_kept() -> None:
    kept = SchemaTemplate.objects.get()

    assert template.current() == kept.sql
    assert f"CREATE SCHEMA {template.PLACEHOLDER};" in kept.sql
    assert not [line for line in kept.sql.splitlines() if line.startswith(("\\", "--", "SET "))]


@pytest.mark.django_db(transaction=True)
def test_a_template_of_other_migrations_is_made_anew() -> None:
    made = template.current()
    SchemaTemplate.objects.update(migrations_hash="of another time")

    anew = template.current()

    assert tables(anew) == tables(made)
    assert SchemaTemplate.objects.count() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace(%s)", [template.PLACEHOLDER])
        assert cursor.fetchone() == (None,)


def test_a_schema_that_lacks_something_or_has_more_is_told_apart(organisation_b: Organisation, ask: Ask) -> None:
    assert compare.differences(organisation_b.schema_name, reference="ops") == []

    ask(f"ALTER TABLE {organisation_b.schema_name}.accounts_user ALTER COLUMN first_name TYPE varchar(99)")

    assert compare.differences(organisation_b.schema_name, reference="ops") == [
        "- column accounts_user.first_name character varying(100) not null",
        "+ column accounts_user.first_name character varying(99) not null",
    ]


def test_so_is_one_in_which_others_may_read_or_its_own_may_not_write(organisation_b: Organisation, ask: Ask) -> None:
    schema = organisation_b.schema_name
    ask(f"GRANT SELECT ON {schema}.accounts_user TO PUBLIC")
    ask(f"GRANT USAGE ON SCHEMA {schema} TO PUBLIC")
    ask(f"REVOKE INSERT ON {schema}.accounts_user FROM {schema}")
    ask(f"CREATE VIEW {schema}.everybody AS SELECT 1")

    assert compare.differences(schema, reference="ops") == [
        "- right accounts_user insert to itself",
        "+ right accounts_user select to everybody",
        "+ right schema usage to everybody",
        "+ view everybody",
    ]


def test_who_is_behind_is_found_in_one_query(
    organisation_b: Organisation, ask: Ask, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    forget_migration(organisation_b, "sessions", ask)

    # The setting of the schema, the registry, the comparison.
    with django_assert_num_queries(3):
        assert migrate.behind() == [organisation_b]


@pytest.mark.django_db(transaction=True)
def test_who_is_behind_is_brought_up_to_date_with_its_rights(organisation_b: Organisation, ask: Ask) -> None:
    ask(f"DROP TABLE {organisation_b.schema_name}.django_session")
    forget_migration(organisation_b, "sessions", ask)

    assert parallel.run(workers=1) == ([organisation_b], {})

    assert migrate.behind() == []
    assert compare.differences(organisation_b.schema_name, reference="ops") == []
    assert ask("SELECT has_table_privilege(%s, %s, 'INSERT')", organisation_b.schema_name, "ops.django_session") == [
        (False,)
    ]
    own = f"{organisation_b.schema_name}.django_session"
    assert ask("SELECT has_table_privilege(%s, %s, 'INSERT')", organisation_b.schema_name, own) == [(True,)]


@pytest.mark.django_db(transaction=True)
def test_a_migration_that_fails_stops_only_its_own_organisation(
    organisation_a: Organisation, organisation_b: Organisation, ask: Ask
) -> None:
    connection.set_schema_to_public()
    for organisation in (organisation_a, organisation_b):
        forget_migration(organisation, "sessions", ask)
    ask(f"DROP TABLE {organisation_b.schema_name}.django_session")

    _, left = parallel.run(workers=1)

    assert left == {organisation_a.schema_name: 'relation "django_session" already exists'}
    assert migrate.behind() == [organisation_a]


def program_of_version(folder: Path, version: int) -> Path:
    program = folder / f"pg_dump_{version}"
    program.write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}.4'\n")
    program.chmod(0o755)
    return program


def test_the_named_pg_dump_is_taken_when_it_fits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fitting, old = program_of_version(tmp_path, 18), program_of_version(tmp_path, 15)

    monkeypatch.setenv("PG_DUMP", str(fitting))
    assert dump.program(server_major=18) == fitting

    monkeypatch.setenv("PG_DUMP", str(old))
    assert dump.program(server_major=18) != old
    assert dump.program(server_major=15) == old


def test_without_any_that_fits_the_message_says_what_to_do() -> None:
    with pytest.raises(dump.NoDumpProgram, match="No pg_dump of version 99 or later"):
        dump.program(server_major=99)
