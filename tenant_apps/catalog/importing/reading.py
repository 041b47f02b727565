"""Reads a table row by row: what each says of an offering and of an option, and what is wrong with which cell."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import IO, Any, NamedTuple

from django.utils.translation import gettext as _

from tenant_apps.catalog.importing import cells, columns, sheets
from tenant_apps.catalog.importing.columns import Column
from tenant_apps.catalog.importing.sheets import Unreadable


class Fault(NamedTuple):
    """`column` is the heading as the file has it; `message` is for the reader."""

    row: int
    column: str
    message: str


@dataclass(slots=True)
class Line:
    """What one row says, without what it leaves empty: an empty cell changes nothing."""

    row: int
    offering: dict[str, Any] = field(default_factory=dict)
    option: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Table:
    lines: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    # As the file calls each column, to name it where something is wrong.
    headings: dict[str, str] = field(default_factory=dict)

    def blame(self, row: int, column: str, message: str) -> None:
        self.faults.append(Fault(row, self.headings.get(column, columns.BY_NAME[column].french), message))


def read(file: IO[bytes]) -> Table:
    """Raises Unreadable."""
    found = sheets.rows(file)
    _number, names = next(found, (1, []))
    table = Table()
    known = _known(table, names)
    for number, row in found:
        table.lines.append(_line(table, number, row, known))
    if not table.lines:
        raise Unreadable(_("Ce fichier est vide\u202f: il lui faut un en-tête et au moins une ligne."))
    return table


def _known(table: Table, names: Sequence[str]) -> list[tuple[int, Column]]:
    """Where each column that means something stands. Raises Unreadable."""
    found = [(place, columns.meaning(name)) for place, name in enumerate(names)]
    known = [(place, column) for place, column in found if column]
    table.headings = {column.name: " ".join(names[place].split()) for place, column in known}
    unknown = [names[place] for place, column in found if column is None and not columns.is_unread(names[place])]
    table.ignored = [name[:80] for name in unknown][:50]
    for name, count in Counter(column.name for _place, column in known).items():
        if count > 1:
            raise Unreadable(_("La colonne «\u202f%s\u202f» est deux fois dans l’en-tête.") % table.headings[name])
    if not {"slug", "title"} & set(table.headings):
        raise Unreadable(_("La colonne «\u202f%s\u202f» manque dans l’en-tête.") % columns.BY_NAME["title"].french)
    return known


def _line(table: Table, number: int, row: Sequence[str], known: Sequence[tuple[int, Column]]) -> Line:
    line = Line(number)
    for place, column in known:
        told = row[place] if place < len(row) else ""
        if not told.strip():
            continue
        try:
            value = column.read(cells.safe(told))
        except cells.Wrong as wrong:
            table.blame(number, column.name, str(wrong))
            continue
        (line.option if column.is_option else line.offering)[column.name] = value
    return line
