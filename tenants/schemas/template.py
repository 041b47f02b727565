"""The SQL that makes an empty organisation: built once for each set of migrations, kept in the registry."""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager

from django.db import connection
from psycopg import sql

from tenants.context import in_registry
from tenants.models import SchemaTemplate
from tenants.schemas import dump, migrations

# The name under which the template is built and dumped. No organisation can have it.
PLACEHOLDER = "preau_schema_template"
_BUILDER_LOCK = 7_246_301
# What pg_dump writes for psql and for a connection of its own.
_NOT_REPLAYED = re.compile(r"^(?:\\|--|SET |SELECT pg_catalog\.set_config\().*$", re.MULTILINE)


def current() -> str:
    """The template for the migrations on disk, built now if it is not there."""
    with in_registry():
        wanted = migrations.migrations_hash()
        return _kept(wanted) or _build(wanted)


def _kept(wanted: str) -> str | None:
    return SchemaTemplate.objects.filter(migrations_hash=wanted).values_list("sql", flat=True).first()


def _build(wanted: str) -> str:
    with _only_builder():
        # Whoever waited for the lock finds the other's work.
        if kept := _kept(wanted):
            return kept
        _drop()
        _execute("CREATE SCHEMA {schema}")
        try:
            migrations.apply(PLACEHOLDER)
            text = _NOT_REPLAYED.sub("", dump.of_schema(PLACEHOLDER))
        finally:
            _drop()
        SchemaTemplate.objects.exclude(migrations_hash=wanted).delete()
        SchemaTemplate.objects.create(migrations_hash=wanted, sql=text)
        return text


@contextmanager
def _only_builder() -> Iterator[None]:
    """A session lock on a connection of its own: a builder that dies lets go of it."""
    with closing(connection.copy()) as own, own.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_BUILDER_LOCK])
        yield


def _drop() -> None:
    _execute("DROP SCHEMA IF EXISTS {schema} CASCADE")


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(schema=sql.Identifier(PLACEHOLDER)))
