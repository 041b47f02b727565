"""What an organisation has before it is erased, and what is still found of it afterwards, wherever it could be."""

from typing import Any

from django.core.files.storage import default_storage
from psycopg import sql

from kernel.database import connection
from tenants.context import in_organisation, in_registry
from tenants.leaving import catalog, files, removing, rows
from tenants.leaving.subject import Subject
from tenants.models import PROVISIONED, Organisation


def inventory(organisation: Organisation) -> dict[str, int]:
    """How much there is of it; nothing where it was never prepared."""
    if organisation.state not in PROVISIONED:
        return {"tables": 0, "rows": 0, "files": 0, "bytes": 0}
    with in_organisation(organisation), connection.cursor() as cursor:
        tables = catalog.own_tables(cursor, organisation.schema_name)
        paths = list(files.every())
        return {
            "tables": len(tables),
            "rows": sum(rows.count(connection, table, organisation) for table in tables),
            "files": len(paths),
            "bytes": sum(default_storage.size(path) for path in paths),
        }


def left(subject: Subject) -> dict[str, int]:
    """By where it was looked for: how much was found. All are zero once it is erased."""
    with in_registry(), connection.cursor() as cursor:
        found = {
            "schema": _number(cursor, "SELECT count(*) FROM pg_namespace WHERE nspname = %s", [subject.schema]),
            "role": _number(cursor, "SELECT count(*) FROM pg_roles WHERE rolname = %s", [subject.schema]),
            "registry": _rows(cursor, subject),
        }
    with in_organisation(subject.organisation):
        found["files"] = len(list(files.every()))
    return {**found, "cache": removing.cached(subject)}


def _rows(cursor: Any, subject: Subject) -> int:
    """Rows that say any of its names, in tables of the registry other than those that stay."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    kept = removing.tables_that_stay()
    tables = [table for (table,) in cursor.fetchall() if table not in kept]
    patterns = [f"%{name}%" for name in subject.needles]
    statement = "SELECT count(*) FROM {} t WHERE to_jsonb(t)::text LIKE ANY(%s)"
    return sum(
        _number(cursor, sql.SQL(statement).format(sql.Identifier("public", table)), [patterns]) for table in tables
    )


def _number(cursor: Any, statement: Any, values: list[Any]) -> int:
    cursor.execute(statement, values)
    return int(cursor.fetchone()[0])
