"""The walls in the database. Each test has a twin that takes the wall away and sees what it held back."""

import pytest
from django.db import DatabaseError, ProgrammingError, transaction

from billing.models import ConnectedAccount
from tenants.context import in_organisation, in_registry
from tenants.models import Organisation
from tenants.roles import append_only_tables
from tests.isolation.conftest import Ask

pytestmark = pytest.mark.django_db


def test_an_organisation_takes_its_own_schema_and_its_own_role(organisation_a: Organisation, ask: Ask) -> None:
    own = organisation_a.schema_name

    assert ask("SELECT current_schemas(false), current_user") == [([own, "public"], own)]


def test_the_registry_has_neither(ask: Ask) -> None:
    assert ask("SELECT current_schemas(false), current_user = session_user") == [(["public"], True)]


def test_a_table_of_another_organisation_is_refused(
    organisation_a: Organisation, organisation_b: Organisation, ask: Ask
) -> None:
    with pytest.raises(ProgrammingError, match="permission denied for schema"):
        ask(f"SELECT count(*) FROM {organisation_b.schema_name}.accounts_user")


def test_without_the_role_it_would_be_read(
    organisation_a: Organisation, organisation_b: Organisation, ask: Ask
) -> None:
    ask("RESET ROLE")

    assert ask(f"SELECT count(*) FROM {organisation_b.schema_name}.accounts_user") == [(0,)]


def test_a_schema_that_is_set_without_its_role_is_refused(
    organisation_a: Organisation, organisation_b: Organisation, ask: Ask
) -> None:
    """PostgreSQL passes over a schema that the role may not use: the table is then nowhere."""
    ask(f"SET LOCAL search_path = {organisation_b.schema_name}, public")

    with pytest.raises(ProgrammingError, match="does not exist"):
        ask("SELECT count(*) FROM accounts_user")


def test_another_role_cannot_be_taken_by_inheritance(
    organisation_a: Organisation, organisation_b: Organisation, ask: Ask
) -> None:
    """The application may become an organisation; it is none as long as it has not."""
    roles = ask(
        "SELECT pg_has_role(session_user, %s, 'SET'), pg_has_role(session_user, %s, 'USAGE')",
        organisation_b.schema_name,
        organisation_b.schema_name,
    )

    assert roles == [(True, False)]


def test_a_missing_table_is_never_answered_from_public(organisation_a: Organisation, ask: Ask) -> None:
    with in_registry():
        ask(f"DROP TABLE {organisation_a.schema_name}.django_session")

    with pytest.raises(ProgrammingError, match="does not exist"):
        ask("SELECT count(*) FROM django_session")


def test_with_such_a_table_in_public_it_would_be(organisation_a: Organisation, ask: Ask) -> None:
    with in_registry():
        ask(f"ALTER TABLE {organisation_a.schema_name}.django_session SET SCHEMA public")
        ask("GRANT SELECT ON public.django_session TO PUBLIC")

    assert ask("SELECT count(*) FROM django_session") == [(0,)]


@pytest.mark.parametrize("table", ["tenants_organisation", "tenants_domain"])
def test_an_organisation_sees_its_own_row_of_the_registry(table: str, organisation_a: Organisation, ask: Ask) -> None:
    column = {"tenants_organisation": "id", "tenants_domain": "tenant_id"}[table]

    assert ask(f"SELECT {column} FROM public.{table}") == [(organisation_a.id,)]


@pytest.mark.parametrize("table", ["tenants_organisation", "tenants_domain"])
def test_without_row_security_it_would_see_all(table: str, organisation_a: Organisation, ask: Ask) -> None:
    with in_registry():
        ask(f"ALTER TABLE public.{table} DISABLE ROW LEVEL SECURITY")

    assert ask(f"SELECT count(*) FROM public.{table}") == [(3,)]


def test_an_organisation_sees_its_own_accounts_at_the_processor(
    organisation_a: Organisation, organisation_b: Organisation, ask: Ask
) -> None:
    with in_registry():
        for organisation in (organisation_a, organisation_b):
            ConnectedAccount.objects.create(
                organisation=organisation, processor_id=f"acct_{organisation.slug}", name=organisation.name
            )

    assert list(ConnectedAccount.objects.values_list("processor_id", flat=True)) == ["acct_a"]
    with in_organisation(organisation_b):
        assert list(ConnectedAccount.objects.values_list("processor_id", flat=True)) == ["acct_b"]


REFUSED = [
    "UPDATE public.tenants_organisation SET name = 'mine'",
    "INSERT INTO public.tenants_schematemplate VALUES ('0', '', now())",
    "DELETE FROM public.tenants_domain",
    "SELECT * FROM public.billing_processorevent",
    "SELECT * FROM public.tenants_schematemplate",
    "SELECT * FROM public.django_migrations",
    "CREATE TABLE public.mine (id int)",
    "DELETE FROM django_migrations",
    "ALTER TABLE accounts_user ADD COLUMN mine int",
]


@pytest.mark.parametrize("statement", REFUSED)
def test_an_organisation_is_refused(statement: str, organisation_a: Organisation, ask: Ask) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
        ask(statement)


@pytest.mark.parametrize("statement", REFUSED)
def test_it_is_the_role_that_refuses(statement: str, organisation_a: Organisation, ask: Ask) -> None:
    ask("RESET ROLE")

    ask(statement)


def test_what_is_only_added_to_can_be_added_to(organisation_a: Organisation, ask: Ask) -> None:
    assert append_only_tables() >= {"audit_entry", "orders_transfer"}
    for table in append_only_tables():
        rights = [right for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE") if _may(ask, table, right)]
        assert (table, rights) == (table, ["SELECT", "INSERT"])


def test_what_is_only_added_to_is_never_altered(organisation_a: Organisation, ask: Ask) -> None:
    for statement in ("UPDATE audit_entry SET action = 'other'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"):
        with pytest.raises(ProgrammingError, match="permission denied for table audit_entry"), transaction.atomic():
            ask(statement)


def test_the_owner_of_the_tables_could_alter_it(organisation_a: Organisation, ask: Ask) -> None:
    ask("RESET ROLE")

    assert ask("UPDATE audit_entry SET action = 'other'") == []


def test_a_role_that_does_not_exist_stops_the_query(organisation_b: Organisation, ask: Ask) -> None:
    """Passed over, the query would run with the rights of whoever was there before."""
    organisation_b.schema_name = "org_00000000000000000000"

    with pytest.raises(DatabaseError, match="does not exist"), transaction.atomic(), in_organisation(organisation_b):
        ask("SELECT 1")


def _may(ask: Ask, table: str, right: str) -> object:
    return ask("SELECT has_table_privilege(%s, %s)", table, right)[0][0]
