"""Adds many rows by COPY: several times quicker than INSERT, in the transaction that is open."""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import Model
from psycopg.types.json import Json

from kernel.database import connection


def add(rows: Sequence[Model]) -> None:
    """New rows of one table, whole: nothing is returned to them, and a conflict refuses them all."""
    if not rows:
        return
    meta = rows[0]._meta
    fields = [(field.attname, isinstance(field, models.JSONField)) for field in meta.concrete_fields]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in meta.concrete_fields)
    statement = f"COPY {quote(meta.db_table)} ({columns}) FROM STDIN"
    # Errors of the driver become Django's, as those of any other statement.
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([_sent(getattr(row, name), is_json=is_json) for name, is_json in fields])


def _sent(value: Any, *, is_json: bool) -> Any:
    return Json(value) if is_json and value is not None else value
