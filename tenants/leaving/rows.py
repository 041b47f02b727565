"""The rows of a table, one after the other, as text for a spreadsheet (CSV) and with their types (JSON Lines)."""

import csv
import io
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from tempfile import TemporaryFile
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from psycopg import sql

from kernel.database import connection
from shared_apps.vault.sealing import Unreadable, unseal_bytes
from tenants.leaving.archive import Archive
from tenants.leaving.catalog import Column, Table
from tenants.models import Organisation

_BATCH = 2_000
# Between two signs of life of a long table.
_BEAT = 5_000
_JSON_KINDS = frozenset({"json", "jsonb"})
_encode = DjangoJSONEncoder(ensure_ascii=False).encode

Beat = Callable[[], object]


@contextmanager
def one_moment(organisation: Organisation) -> Iterator[Any]:
    """A connection of its own, with the organisation's role, on which all that is read is of one moment."""
    with closing(connection.copy()) as own:
        own.set_tenant(organisation)
        with own.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT 1")
        yield own


def write(own: Any, table: Table, organisation: Organisation, archive: Archive, folder: str, *, beat: Beat) -> int:
    """Both files of the table. Returns how many rows it has; never holds more of them than one batch."""
    columns = table.given
    if not columns:
        return 0
    path, count = f"{folder}/{table.name}", 0
    with TemporaryFile() as spreadsheet:
        text = io.TextIOWrapper(spreadsheet, encoding="utf-8-sig", newline="")
        sheet = csv.writer(text)
        sheet.writerow([column.name for column in columns])
        with archive.file(f"{path}.jsonl") as lines:
            for values in _values(own, table, columns, organisation):
                sheet.writerow([_cell(value) for value in values])
                named = zip(columns, values, strict=True)
                lines.write((_encode({column.name: value for column, value in named}) + "\n").encode())
                count += 1
                if count % _BEAT == 0:
                    beat()
        text.flush()
        spreadsheet.seek(0)
        with archive.file(f"{path}.csv") as file:
            shutil.copyfileobj(spreadsheet, file)
        text.detach()
    return count


def count(own: Any, table: Table, organisation: Organisation) -> int:
    with own.cursor() as cursor:
        statement, values = _statement(table, sql.SQL("count(*)"), organisation)
        cursor.execute(statement, values)
        return int(cursor.fetchone()[0])


def _values(own: Any, table: Table, columns: list[Column], organisation: Organisation) -> Iterator[list[Any]]:
    """From a cursor that stays on the server. What is sealed is opened, by the row that it is bound to."""
    needed = [*[column.name for column in columns], *_bound_to(table, columns)]
    statement, values = _statement(table, sql.SQL(", ").join(map(sql.Identifier, needed)), organisation)
    if table.key:
        statement += sql.SQL(" ORDER BY ") + sql.SQL(", ").join(map(sql.Identifier, table.key))
    change = [_reader(table, column, needed) for column in columns]
    # Schema and role are taken when a cursor of Django's is opened; this one is the driver's.
    own.cursor().close()
    with own.connection.cursor(name="export") as cursor:
        cursor.itersize = _BATCH
        cursor.execute(statement, values)
        for row in cursor:
            yield [each(row) for each in change]


def _statement(table: Table, what: sql.Composable, organisation: Organisation) -> tuple[sql.Composed, list[Any]]:
    statement = sql.SQL("SELECT {} FROM {}").format(what, sql.Identifier(table.schema, table.name))
    if not table.owner:
        return statement, []
    return statement + sql.SQL(" WHERE {} = %s").format(sql.Identifier(table.owner)), [organisation.pk]


def _bound_to(table: Table, columns: list[Column]) -> list[str]:
    """The columns that seals are bound to."""
    return [_row_id(table, column) for column in columns if column.sealed]


def _row_id(table: Table, column: Column) -> str:
    row_id = column.sealed.row_id if column.sealed else "pk"
    return table.key[0] if row_id == "pk" else row_id


def _reader(table: Table, column: Column, needed: list[str]) -> Callable[[Any], Any]:
    place = needed.index(column.name)
    if column.sealed is not None:
        bound, name = needed.index(_row_id(table, column)), column.sealed.name
        return lambda row: _opened(row[place], name, row[bound])
    if column.kind in _JSON_KINDS:
        return lambda row: json.loads(row[place]) if isinstance(row[place], str) else row[place]
    if column.is_binary:
        return lambda row: None if row[place] is None else bytes(row[place]).hex()
    return lambda row: row[place]


def _opened(sealed: Any, place: str, row_id: UUID) -> Any:
    if sealed is None:
        return None
    try:
        return json.loads(unseal_bytes(sealed, place=place, row_id=row_id))
    except Unreadable as error:
        return {"unreadable": str(error)}


def _cell(value: Any) -> Any:
    if isinstance(value, dict | list):
        return _encode(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if hasattr(value, "isoformat") else value
