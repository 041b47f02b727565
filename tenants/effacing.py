"""Empties what rows that are never altered say of a person, when the law wants it forgotten.

The organisation's role may add such rows and nothing else. This is the one place that writes to them, with the
application's own rights, and it can write one thing only: the emptiness that the model itself names in `effaced`.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import models, transaction
from psycopg import sql
from psycopg.types.json import Jsonb

from kernel.database import connection
from tenants.context import current


class NotEffaced(TypeError):
    """The model does not name the column among those that may be emptied."""


@transaction.atomic
def efface(model: type[models.Model], ids: Collection[UUID], columns: Collection[str] = ()) -> int:
    """Empty `columns`, or all those that `model.effaced` names, in these rows. Returns how many there were."""
    allowed = getattr(model, "effaced", {})
    wanted = list(columns or allowed)
    if not wanted or not set(wanted) <= allowed.keys():
        raise NotEffaced(f"{model.__name__}: {wanted}")
    if not ids:
        return 0
    assignments = [sql.SQL("{} = %s").format(sql.Identifier(column)) for column in wanted]
    statement = sql.SQL("UPDATE {table} SET {assignments} WHERE id = ANY(%s)").format(
        table=sql.Identifier(current().schema_name, model._meta.db_table),
        assignments=sql.SQL(", ").join(assignments),
    )
    empty: list[Any] = [
        Jsonb(allowed[column]) if isinstance(allowed[column], dict | list) else allowed[column] for column in wanted
    ]
    with _own_rights(), connection.cursor() as cursor:
        cursor.execute(statement, (*empty, list(ids)))
        return int(cursor.rowcount)


@contextmanager
def _own_rights() -> Iterator[None]:
    """Inside a transaction only: whatever fails in here, its rollback gives the organisation's role back."""
    _take_role("none")
    yield
    _take_role(current().schema_name)


def _take_role(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', %s, false)", [role])
