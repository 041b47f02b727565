"""A database role for each organisation: what it may touch is decided here, and kept by PostgreSQL."""

from django.apps import apps
from django.db import connection, models
from psycopg import sql

# Written by migrations alone.
_READ_ONLY = frozenset({"django_migrations"})


def grant(schema: str) -> None:
    """Give the role of `schema`, made if need be, its rights on the tables that are there now. Safe to repeat."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [schema])
        if cursor.fetchone() is None:
            cursor.execute(sql.SQL("CREATE ROLE {role} NOLOGIN").format(role=sql.Identifier(schema)))
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = %s AND tablename = ANY(%s)",
            [schema, [*append_only_tables(), *_READ_ONLY]],
        )
        narrow = [row[0] for row in cursor.fetchall()]
        for statement in _statements(schema, narrow):
            cursor.execute(statement)


def append_only_tables() -> frozenset[str]:
    """Tables that are added to and never altered: the models that say `append_only = True`."""
    return frozenset(model._meta.db_table for model in apps.get_models() if _is_append_only(model))


def _is_append_only(model: type[models.Model]) -> bool:
    return bool(getattr(model, "append_only", False))


def _statements(schema: str, narrow: list[str]) -> list[sql.Composed]:
    names = {"role": sql.Identifier(schema), "schema": sql.Identifier(schema)}
    statements = [
        # The application can become the organisation, and does not have its rights otherwise.
        "GRANT {role} TO CURRENT_USER WITH INHERIT FALSE, SET TRUE",
        "GRANT USAGE ON SCHEMA {schema} TO {role}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
    ]
    composed = [sql.SQL(statement).format(**names) for statement in statements]
    for table in narrow:
        refused = "INSERT, UPDATE, DELETE" if table in _READ_ONLY else "UPDATE, DELETE"
        composed.append(
            sql.SQL("REVOKE " + refused + " ON {schema}.{table} FROM {role}").format(
                table=sql.Identifier(table), **names
            )
        )
    return composed
