"""Which migrations there are, and which of them a schema has."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path

from django.apps import AppConfig, apps
from django.core.management import call_command
from django.core.management.commands.migrate import Command as MigrateCommand
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from psycopg import sql

from kernel.database import connection


@cache
def migrations_hash() -> str:
    """Changes with any migration of any app: a template made under another hash is out of date.

    Read once: what this process runs is what was on disk when it started.
    """
    digest = hashlib.sha256()
    for app in sorted(apps.get_app_configs(), key=lambda app: app.label):
        for file in sorted(_folder(app).glob("*.py")):
            digest.update(f"{app.label}/{file.name}\n".encode() + file.read_bytes())
    return digest.hexdigest()


def known() -> list[tuple[str, str]]:
    """(app, name) of every migration on disk that is not replaced by another, in order of name."""
    return sorted(MigrationLoader(None).graph.nodes)


def missing(schema: str) -> list[tuple[str, str]]:
    """(app, name) of what `schema` still has to be given."""
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("SELECT app, name FROM {table}").format(table=sql.Identifier(schema, "django_migrations"))
        )
        applied = set(cursor.fetchall())
    return [key for key in known() if key not in applied]


def last_applied(schema: str) -> str:
    """« app.name » of the latest migration that the schema was given."""
    statement = sql.SQL("SELECT app || '.' || name FROM {table} ORDER BY id DESC LIMIT 1")
    with connection.cursor() as cursor:
        cursor.execute(statement.format(table=sql.Identifier(schema, "django_migrations")))
        return str((cursor.fetchone() or [""])[0])


def _folder(app: AppConfig) -> Path:
    """Where settings.MIGRATION_MODULES says that they are, or in the app itself."""
    module, named = MigrationLoader.migrations_module(app.label)
    return Path(import_module(str(module)).__path__[0]) if named and module else Path(app.path, "migrations")


def apply(schema: str) -> None:
    """Run what is missing in `schema`, with nothing of public in sight, and return to the registry.

    Plain `migrate` rather than `migrate_schemas`: that one closes the connection, and its locks go with it.
    """
    with inside(schema):
        MigrationRecorder(connection).ensure_schema()
        call_command(MigrateCommand(), interactive=False, verbosity=0)


@contextmanager
def inside(schema: str) -> Iterator[None]:
    """The schema with nothing of public in sight, and the rights of the application."""
    connection.set_schema(schema, include_public=False)
    try:
        yield
    finally:
        connection.set_schema_to_public()
