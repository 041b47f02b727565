"""Which table is in which schema, and that none reaches out of its own."""

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

from tenants.models import Organisation
from tenants.schemas import compare
from tests.isolation.conftest import Ask
from tests.isolation.conftest import ask as ask  # the fixture

pytestmark = pytest.mark.django_db

# Below sixty, a thousand organisations still fit one server (docs/tenancy.md).
MOST_TABLES = 60


def tables_of(app_names: list[str]) -> set[str]:
    """The tables of the models of these apps, those between two models included."""
    return {
        model._meta.db_table
        for app in apps.get_app_configs()
        if app.name in app_names
        for model in app.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }


def tables_in(schema: str, ask: Ask) -> set[object]:
    return {row[0] for row in ask("SELECT tablename FROM pg_tables WHERE schemaname = %s", schema)}


def schemas() -> list[str]:
    return list(Organisation.objects.order_by("schema_name").values_list("schema_name", flat=True))


def test_public_holds_the_registry_and_nothing_else(ask: Ask) -> None:
    assert tables_in("public", ask) == tables_of(settings.SHARED_APPS) | {"django_migrations"}
    assert {table.split("_")[0] for table in tables_of(settings.SHARED_APPS)} == {"tenants", "billing"}


def test_every_organisation_holds_every_table_of_the_rooms(ask: Ask) -> None:
    expected = tables_of(settings.TENANT_APPS) | {"django_migrations"}

    assert {schema: tables_in(schema, ask) for schema in schemas()} == dict.fromkeys(schemas(), expected)


def test_the_tables_stay_few() -> None:
    assert len(tables_of(settings.TENANT_APPS)) < MOST_TABLES


def test_all_schemas_are_alike() -> None:
    differences = {schema: compare.differences(schema, reference="ops") for schema in schemas()}

    assert differences == {schema: [] for schema in schemas()}


def test_no_foreign_key_leaves_its_schema(ask: Ask) -> None:
    leaving = ask(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint k"
        " JOIN pg_class source ON source.oid = k.conrelid JOIN pg_class target ON target.oid = k.confrelid"
        " WHERE k.contype = 'f' AND source.relnamespace <> target.relnamespace"
    )

    assert leaving == []


def test_the_database_has_no_trigger_or_extension_of_ours(ask: Ask) -> None:
    assert ask("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal") == []
    assert ask("SELECT extname FROM pg_extension WHERE extname <> 'plpgsql'") == []


def test_the_models_and_the_migrations_agree() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
