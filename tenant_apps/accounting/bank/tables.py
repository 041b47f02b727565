"""Reads a statement that a bank gives as a CSV table, by the columns that the organisation says."""

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice

from django.utils.translation import gettext_lazy as _

from kernel import folding
from kernel.errors import Refusal
from kernel.money import NotAnAmount, cents_of
from tenant_apps.accounting.bank.movements import MOST_MOVEMENTS, Movement

MOST_COLUMNS = 60
# Of a file with more it is known that it has too many, and the rest is not read.
_MOST_ROWS = MOST_MOVEMENTS + 22
# What a column of the database holds, far beyond what is ever entered.
_FARTHEST = 10**15
_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2200, 1, 1)
# As much of a cell as a message repeats.
_SHOWN = 40
_CURRENCY = re.compile("eur", re.IGNORECASE)
_SEPARATORS = ";,\t"
_DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%Y%m%d")
# What banks call the columns, folded: the first that is found is proposed.
_KNOWN_AS: Mapping[str, tuple[str, ...]] = {
    "booked_on": ("date de comptabilisation", "date comptable", "date d'execution", "date", "boekingsdatum", "datum"),
    "amount": ("montant", "bedrag", "amount", "credit"),
    "communication": ("communication", "communications", "mededeling", "libelle", "libelles", "details", "description"),
    "counterparty": (
        "nom de la contrepartie",
        "nom contrepartie contient",
        "nom contrepartie",
        "contrepartie",
        "naam tegenpartij",
        "nom",
        "name",
    ),
}
REQUIRED = ("booked_on", "amount", "communication")
COLUMNS = (*REQUIRED, "counterparty")


class BadTable(Refusal):
    code = "bad_table"
    message = _(
        "Ce fichier ne se lit pas comme un tableau\u202f: il lui faut une ligne d’en-têtes et une ligne par mouvement."
    )


class BadCell(Refusal):
    code = "bad_cell"
    message = _(
        "Ligne {line}\u202f: «\u202f{value}\u202f» n’est ni une date ni un montant. Vérifiez les colonnes choisies."
    )


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` have their number in the file."""

    head: list[str]
    rows: list[tuple[int, list[str]]]


def read(text: str) -> Table:
    """The header is the first line that names a date and an amount, or else the first. Raises BadTable."""
    lines = text.lstrip("\ufeff")
    found = max((_cells(lines, mark) for mark in _SEPARATORS), key=_likeness)
    start = next((index for index, (_n, row) in enumerate(found[:20]) if _names_columns(row)), 0)
    if len(found) < start + 2 or not 2 <= len(found[start][1]) <= MOST_COLUMNS:
        raise BadTable
    return Table([cell.strip() for cell in found[start][1]], found[start + 1 :])


def guess(head: list[str]) -> dict[str, int]:
    """The place of each column in the header, where a name that banks use is there."""
    names = [folding.fold(cell).strip() for cell in head]
    found = {}
    for column, known in _KNOWN_AS.items():
        place = next((names.index(name) for name in known if name in names), None)
        if place is not None:
            found[column] = place
    return found


def movements(table: Table, columns: Mapping[str, int], *, currency: str) -> list[Movement]:
    """Each row, as the columns say. Raises BadCell."""
    references = _references(table)
    return [
        _movement(number, row, columns, currency, reference)
        for (number, row), reference in zip(table.rows[: MOST_MOVEMENTS + 1], references, strict=False)
    ]


def _movement(number: int, row: list[str], columns: Mapping[str, int], currency: str, reference: str) -> Movement:
    cells = {name: row[place].strip() if place < len(row) else "" for name, place in columns.items()}
    return Movement(
        account="",
        currency=currency,
        reference=reference,
        booked_on=_day(cells["booked_on"], number),
        cents=_cents(cells["amount"], number),
        communication=" ".join(cells.get("communication", "").split())[:300],
        counterparty=" ".join(cells.get("counterparty", "").split())[:120],
    )


def _references(table: Table) -> Iterator[str]:
    """The header, all that the row says, and how often it was said: two equal transfers of one file are two.

    Whichever columns are chosen, so that the same file read another way is the same transfers.
    """
    head, seen = _digest(table.head, 8), Counter[str]()
    for _number, row in table.rows:
        said = _digest(row, 32)
        seen[said] += 1
        yield f"csv-{head}-{said}-{seen[said]}"


def _digest(cells: list[str], length: int) -> str:
    said = "\x1f".join(" ".join(cell.split()) for cell in cells).rstrip("\x1f")
    return hashlib.sha256(said.encode()).hexdigest()[:length]


def _day(text: str, number: int) -> date:
    for known in _DAYS:
        try:
            day = datetime.strptime(text, known).replace(tzinfo=UTC).date()
        except ValueError:
            continue
        if _FIRST_DAY <= day <= _LAST_DAY:
            return day
    raise BadCell(line=number, value=text[:_SHOWN])


def _cents(text: str, number: int) -> int:
    """« 1.234,56 », « +12,5 EUR », « -1 234.50 ». Raises BadCell."""
    try:
        return cents_of(_CURRENCY.sub("", text), least=-_FARTHEST, most=_FARTHEST)
    except NotAnAmount:
        raise BadCell(line=number, value=text[:_SHOWN]) from None


def _cells(text: str, separator: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    return list(_numbered(reader))


def _numbered(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    try:
        said = ((number, row) for number, row in enumerate(reader, 1) if any(cell.strip() for cell in row))
        yield from islice(said, _MOST_ROWS)
    except csv.Error:
        raise BadTable from None


def _likeness(rows: list[tuple[int, list[str]]]) -> tuple[int, int]:
    named = max((len(guess(row)) for _number, row in rows[:20]), default=0)
    return named, max((len(row) for _number, row in rows[:20]), default=0)


def _names_columns(row: list[str]) -> bool:
    found = guess(row)
    return "booked_on" in found and "amount" in found
