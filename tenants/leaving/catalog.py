"""The tables that an organisation has, as the database says, with what the program knows of each column."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_noop

from kernel.inventory import TECHNICAL, DataClass, Held, declared
from shared_apps.vault.places import PLACES
from shared_apps.vault.places import Column as SealedColumn
from tenants.models import Organisation

SECRET = gettext_noop("Ouvre une porte\u202f: mot de passe, second facteur, session, clé, code ou lien.")
# Beside what the inventory calls secret: letters carry codes and links, and the code of a sign-up is one.
_DOORS = frozenset({"outbox.Message.text", "outbox.Message.html", "tenants.SignUp.code_hash"})

_COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull,
       coalesce(a.attnum = ANY(p.conkey), false), f.confrelid::regclass::text
  FROM pg_class c
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_constraint p ON p.conrelid = c.oid AND p.contype = 'p'
  LEFT JOIN pg_constraint f ON f.conrelid = c.oid AND f.contype = 'f' AND f.conkey = ARRAY[a.attnum]
 WHERE c.relnamespace = to_regnamespace(%s) AND c.relkind IN ('r', 'p')
 ORDER BY c.relname, a.attnum
"""


@dataclass(frozen=True, slots=True)
class Column:
    """`refers_to`: the table whose key it holds. `sealed`: where its values are sealed, and are opened by."""

    name: str
    kind: str
    is_nullable: bool
    is_key: bool
    refers_to: str
    held: Held
    left_out: str
    sealed: SealedColumn | None

    @property
    def is_binary(self) -> bool:
        return self.kind == "bytea"


@dataclass(frozen=True, slots=True)
class Table:
    """`owner`: the column that says whose row it is, in a table of the registry; empty in the organisation's own."""

    schema: str
    name: str
    columns: tuple[Column, ...]
    doc: str
    owner: str = ""

    @property
    def given(self) -> list[Column]:
        return [column for column in self.columns if not column.left_out]

    @property
    def key(self) -> list[str]:
        return [column.name for column in self.columns if column.is_key]


def own_tables(cursor: Any, schema: str) -> list[Table]:
    return [_table(schema, name, columns) for name, columns in _catalog(cursor, schema)]


def registry_tables(cursor: Any) -> list[Table]:
    """Those of the public schema with rows of one organisation."""
    owners = {model._meta.db_table: str(field.column) for model, field in owned_models()}
    own = {**owners, Organisation._meta.db_table: "id"}
    return [_table("public", name, columns, own[name]) for name, columns in _catalog(cursor, "public") if name in own]


def owned_models() -> Iterator[tuple[type[models.Model], "models.ForeignKey[Any, Any]"]]:
    """The models of the registry that say whose each row is."""
    for app in apps.get_app_configs():
        if app.name in settings.SHARED_APPS:
            for model in app.get_models(include_auto_created=True):
                for field in model._meta.local_fields:
                    if isinstance(field, models.ForeignKey) and field.related_model is Organisation:
                        yield model, field


def _catalog(cursor: Any, schema: str) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    cursor.execute(_COLUMNS, [schema])
    found: dict[str, list[tuple[Any, ...]]] = {}
    for table, *column in cursor.fetchall():
        found.setdefault(table, []).append(tuple(column))
    yield from found.items()


def _table(schema: str, name: str, rows: list[tuple[Any, ...]], owner: str = "") -> Table:
    model = _models().get(name)
    columns = tuple(_column(model, *row) for row in rows)
    return Table(schema, name, columns, _doc(model), owner)


def _doc(model: type[models.Model] | None) -> str:
    """What its author says of it; not the list of its fields that Django writes where nothing was said."""
    said = " ".join((model.__doc__ or "").split()) if model else ""
    return "" if model and said.startswith(f"{model.__name__}(") else said


def _column(
    model: type[models.Model] | None, name: str, kind: str, is_nullable: bool, is_key: bool, refers_to: str | None
) -> Column:
    label = _label(model, name)
    held = declared().get(label, TECHNICAL)
    place = PLACES.get(label)
    return Column(
        name=name,
        kind=kind,
        is_nullable=is_nullable,
        is_key=is_key,
        refers_to=(refers_to or "").rpartition(".")[2],
        held=held,
        left_out=SECRET if held.data == DataClass.SECRET or label in _DOORS else "",
        sealed=place if isinstance(place, SealedColumn) else None,
    )


def _label(model: type[models.Model] | None, column: str) -> str:
    if model is None:
        return column
    field = next((field.name for field in model._meta.local_fields if field.column == column), column)
    return f"{model._meta.app_label}.{model.__name__}.{field}"


@cache
def _models() -> dict[str, type[models.Model]]:
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
