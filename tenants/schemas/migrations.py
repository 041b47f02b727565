"""Which migrations there are, and which of them a schema has."""

import hashlib
from functools import cache
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.core.management.commands.migrate import Command as MigrateCommand
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from kernel.database import connection


@cache
def migrations_hash() -> str:
    """Changes with any migration of any app: a template made under another hash is out of date.

    Read once: what this process runs is what was on disk when it started.
    """
    digest = hashlib.sha256()
    for app in sorted(apps.get_app_configs(), key=lambda app: app.label):
        for file in sorted(Path(app.path, "migrations").glob("*.py")):
            digest.update(f"{app.label}/{file.name}\n".encode() + file.read_bytes())
    return digest.hexdigest()


def known() -> list[tuple[str, str]]:
    """(app, name) of every migration on disk that is not replaced by another, in order of name."""
    return sorted(MigrationLoader(None).graph.nodes)


def apply(schema: str) -> None:
    """Run what is missing in `schema`, with nothing of public in sight, and return to the registry.

    Plain `migrate` rather than `migrate_schemas`: that one closes the connection, and its locks go with it.
    """
    connection.set_schema(schema, include_public=False)
    try:
        MigrationRecorder(connection).ensure_schema()
        call_command(MigrateCommand(), interactive=False, verbosity=0)
    finally:
        connection.set_schema_to_public()
