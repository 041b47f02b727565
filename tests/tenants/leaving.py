"""An organisation with something in every column of every table, and the archives that are made of it."""

import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg import sql

from kernel import ids
from shared_apps.vault.sealing import seal
from tenants.context import in_registry
from tenants.leaving import catalog, export
from tenants.leaving.archive import Folder
from tenants.leaving.catalog import Column, Table
from tenants.models import Organisation
from tests.factories.moments import NOON

_MOMENT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def exported(organisation: Organisation, folder: Path) -> export.Report:
    return export.write(organisation=organisation, target=Folder(folder), at=NOON, told=lambda step, done, total: None)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def every_byte(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(folder)), path.read_bytes()


def unzipped(path: Path, folder: Path) -> Path:
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
    return folder


def put_canaries(organisation: Organisation) -> dict[str, dict[str, Any]]:
    """One more row in each table, each column with a value of its own. Returns them, by table.

    What rows say of each other is set aside for it: only a database that is thrown away afterwards can bear that.
    """
    found: dict[str, dict[str, Any]] = {}
    with as_owner(organisation) as cursor:
        for table in catalog.own_tables(cursor, organisation.schema_name):
            if table.name != "django_migrations":
                _drop_rules(cursor, table)
                found[table.name] = _put(cursor, table)
    return found


@contextmanager
def as_owner(organisation: Organisation) -> Iterator[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', 'none', false)")
        yield cursor
        cursor.execute("SELECT set_config('role', %s, false)", [organisation.schema_name])


def checksums(organisation: Organisation) -> dict[str, str | None]:
    """One for each table of the organisation, of all its rows."""
    found = {}
    with as_owner(organisation) as cursor:
        for table in catalog.own_tables(cursor, organisation.schema_name):
            name = sql.Identifier(table.schema, table.name)
            cursor.execute(sql.SQL("SELECT md5(string_agg(md5(t::text), '' ORDER BY t::text)) FROM {} t").format(name))
            found[table.name] = cursor.fetchone()[0]
    return found


def registry_rows(needle: str) -> dict[str, int]:
    """The tables of the registry that say it, and in how many rows."""
    found = {}
    with in_registry(), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        for (table,) in cursor.fetchall():
            name = sql.Identifier("public", table)
            cursor.execute(
                sql.SQL("SELECT count(*) FROM {} t WHERE to_jsonb(t)::text ILIKE %s").format(name), [f"%{needle}%"]
            )
            if rows := cursor.fetchone()[0]:
                found[table] = rows
    return found


def _drop_rules(cursor: Any, table: Table) -> None:
    name = sql.Identifier(table.schema, table.name)
    cursor.execute(
        "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('f', 'c')",
        [f"{table.schema}.{table.name}"],
    )
    for (rule,) in cursor.fetchall():
        cursor.execute(sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(name, sql.Identifier(rule)))


def _put(cursor: Any, table: Table) -> dict[str, Any]:
    values = {column.name: _value(table, column) for column in table.columns}
    for column in table.columns:
        if column.sealed:
            key = table.key[0] if column.sealed.row_id == "pk" else column.sealed.row_id
            values[column.name] = seal(_said(table, column), place=column.sealed.name, row_id=values[key])
    names = sql.SQL(", ").join(sql.Identifier(name) for name in values)
    cursor.execute(
        sql.SQL("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES ({})").format(
            sql.Identifier(table.schema, table.name), names, sql.SQL(", ").join([sql.Placeholder()] * len(values))
        ),
        [json.dumps(value) if isinstance(value, dict) else value for value in values.values()],
    )
    return {column.name: _said(table, column) if column.sealed else values[column.name] for column in table.columns}


def _said(table: Table, column: Column) -> dict[str, str]:
    return {"canary": f"{table.name}.{column.name}"}


def _value(table: Table, column: Column) -> Any:
    """Of the column's type; a text is the column's own name, as far as it goes."""
    name = f"{table.name}.{column.name}, « = »"
    kind = column.kind
    if kind == "text":
        return name
    if kind.startswith("character"):
        return name[-int(kind.split("(")[1].rstrip(")")) :]
    values: dict[str, Any] = {
        "uuid": ids.uuid7(),
        "uuid[]": [ids.uuid7()],
        "jsonb": {"canary": name},
        "boolean": True,
        "bigint": 987_654_321_987,
        "integer": 987_654,
        "smallint": 987,
        "double precision": 1.5,
        "date": date(2026, 3, 4),
        "time without time zone": time(5, 6),
        "timestamp with time zone": _MOMENT,
        "inet": "192.0.2.99",
        "bytea": b"\x01\x02",
    }
    return Decimal("12.3400") if kind.startswith("numeric") else values[kind]


def as_json(value: Any) -> Any:
    """As a line of an export holds it."""
    if isinstance(value, bool | dict | int | float) or value is None:
        return value
    if isinstance(value, list):
        return [as_json(each) for each in value]
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value.isoformat(timespec="seconds") if isinstance(value, time) else str(value)
