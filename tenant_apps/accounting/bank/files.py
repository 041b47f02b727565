"""A bank's file as text, and as movements: CODA by itself, a table by the columns that are said."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal
from tenant_apps.accounting.bank import coda, tables
from tenant_apps.accounting.bank.movements import Movement
from tenant_apps.organisation import queries as organisation

MOST_BYTES = 1_000_000


class NoText(Refusal):
    code = "no_text"
    message = _("Ce fichier n’est pas du texte\u202f: choisissez un fichier CODA (.cod) ou un tableau CSV.")


@dataclass(frozen=True, slots=True)
class Read:
    """`columns` and `head`: of a table, by the places of its columns; empty for a CODA file.

    `movements` is None where columns are still to be said.
    """

    movements: list[Movement] | None
    head: list[str]
    columns: dict[str, int]

    @property
    def is_table(self) -> bool:
        return bool(self.head)


def text_of(data: bytes) -> str:
    """In whichever of the encodings that banks use. Raises NoText."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise NoText


def read(text: str, *, named: Mapping[str, str], said: Mapping[str, int] | None = None) -> Read:
    """`named`: what the columns were called the last time; `said`: their places, as chosen this time.

    Raises what `coda.read` and `tables` raise.
    """
    if coda.looks_like(text):
        return Read(coda.read(text), [], {})
    table = tables.read(text)
    columns = {**tables.guess(table.head), **_places(table.head, named)} if said is None else dict(said)
    columns = {name: place for name, place in columns.items() if 0 <= place < len(table.head)}
    if any(name not in columns for name in tables.REQUIRED):
        return Read(None, table.head, columns)
    currency = organisation.profile().currency
    return Read(tables.movements(table, columns, currency=currency), table.head, columns)


def _places(head: list[str], named: Mapping[str, str]) -> dict[str, int]:
    return {column: head.index(name) for column, name in named.items() if name in head and column in tables.COLUMNS}
