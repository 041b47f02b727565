"""Brings organisations up to date: one query tells who is behind, and only those are migrated."""

import logging

from django.db import Error, connection, transaction
from psycopg import sql

from tenants import roles
from tenants.context import in_registry
from tenants.models import PROVISIONED, Organisation
from tenants.schemas import migrations

logger = logging.getLogger(__name__)

# A migration that waits longer than this for a table holds up everybody who waits behind it.
_LOCK_TIMEOUT = "5s"


def behind() -> list[Organisation]:
    """Organisations whose schema lacks a migration that is on disk. One query for all of them."""
    with in_registry():
        organisations = list(Organisation.objects.filter(state__in=PROVISIONED).order_by("schema_name"))
        missing = _missing([organisation.schema_name for organisation in organisations])
    return [organisation for organisation in organisations if organisation.schema_name in missing]


def migrate(organisations: list[Organisation]) -> dict[str, str]:
    """Migrate each, going on past a failure. Returns the reason by schema of those that failed."""
    failures: dict[str, str] = {}
    with in_registry():
        for organisation in organisations:
            try:
                _migrate(organisation.schema_name)
            except Error as error:
                logger.exception("migration_failed", extra={"organisation": organisation.schema_name})
                failures[organisation.schema_name] = str(error)
    return failures


def _migrate(schema: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [_LOCK_TIMEOUT])
    try:
        migrations.apply(schema)
        with transaction.atomic():
            roles.grant(schema)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', '0', false)")


def _missing(schemas: list[str]) -> frozenset[str]:
    if not schemas:
        return frozenset()
    wanted = migrations.known()
    each = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {name} AS schema, app, name FROM {table}").format(
            name=sql.Literal(schema), table=sql.Identifier(schema, "django_migrations")
        )
        for schema in schemas
    )
    statement = sql.SQL(
        "SELECT every.schema FROM unnest(%s::text[]) AS every(schema) WHERE EXISTS ("
        " SELECT app, name FROM unnest(%s::text[], %s::text[]) AS wanted(app, name)"
        " EXCEPT SELECT applied.app, applied.name FROM ({each}) AS applied WHERE applied.schema = every.schema)"
    ).format(each=each)
    with connection.cursor() as cursor:
        cursor.execute(statement, [schemas, [app for app, _ in wanted], [name for _, name in wanted]])
        return frozenset(row[0] for row in cursor.fetchall())
