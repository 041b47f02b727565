"""The simple table: one row for each child, with a heading for each column (docs/imports.md)."""

from collections import Counter
from collections.abc import Iterator
from typing import IO

from kernel.folding import fold
from tenant_apps.imports import cells, headers, tables
from tenant_apps.imports.bearers import Bearers
from tenant_apps.imports.errors import BadFile
from tenant_apps.imports.lines import Adult, Line
from tenant_apps.imports.sources import Source, Terms

_NEEDED = ("last_name", "first_name")
_ROLES = {
    "parent": "parent",
    "mere": "parent",
    "pere": "parent",
    "mother": "parent",
    "father": "parent",
    "tuteur": "tutor",
    "tutrice": "tutor",
    "guardian": "tutor",
    "tutor": "tutor",
}


def read(file: IO[bytes], terms: Terms) -> Source:
    """Raises BadFile, here and while it is gone through."""
    return SimpleTable(file, terms)


class SimpleTable:
    def __init__(self, file: IO[bytes], terms: Terms) -> None:
        self._file, self._terms = file, terms
        self._encoding, lines = tables.encoding_of(file, name=terms.name)
        self.total = max(lines - 1, 1)
        if lines > 2 * tables.MOST_ROWS:
            raise BadFile("too_many_rows", file=terms.name, most=tables.MOST_ROWS)
        heading = tables.first_line(file, self._encoding)
        self._separator = tables.separator_of(heading, lambda names: sum(1 for name in names if headers.meaning(name)))
        self.headings: list[str] = []
        self.ignored: list[str] = []

    def __iter__(self) -> Iterator[Line]:
        rows = tables.rows(self._file, name=self._terms.name, encoding=self._encoding, separator=self._separator)
        _number, self.headings = next(rows, (1, []))
        columns = self._columns()
        self._bearers = Bearers()
        count = 0
        for number, row in rows:
            count += 1
            if count > tables.MOST_ROWS:
                raise BadFile("too_many_rows", file=self._terms.name, most=tables.MOST_ROWS)
            yield self._line(number, row, columns)
        if count == 0:
            raise BadFile("no_rows", file=self._terms.name)

    def _columns(self) -> list[tuple[int, str, str]]:
        """Where each known column stands, what it means, and what its heading says."""
        self.headings = [" ".join(heading.split()) for heading in self.headings]
        known = [(place, headers.meaning(heading), heading) for place, heading in enumerate(self.headings)]
        self.ignored = [heading[:80] for _place, column, heading in known if column is None and heading][:50]
        columns = [(place, column, heading) for place, column, heading in known if column]
        said = Counter(column for _place, column, _heading in columns)
        for column in _NEEDED:
            if not said[column]:
                raise BadFile("missing_column", file=self._terms.name, column=headers.shown(column, language="fr"))
        for _place, column, heading in columns:
            if said[column] > 1:
                raise BadFile("repeated_column", file=self._terms.name, column=heading)
            if column.rpartition(".")[2] == "national_number" and not self._terms.asks_national_number:
                raise BadFile("column_not_allowed", file=self._terms.name, column=heading)
        return columns

    def _line(self, number: int, row: list[str], columns: list[tuple[int, str, str]]) -> Line:
        line = Line(self._terms.name, number)
        if len(row) > len(self.headings) and any(cell.strip() for cell in row[len(self.headings) :]):
            line.blame("", "too_many_cells")
        adults: dict[str, dict[str, str]] = {}
        headings: dict[str, dict[str, str]] = {}
        for place, column, heading in columns:
            raw = row[place] if place < len(row) else ""
            of_adult, _, name = column.rpartition(".")
            value = cells.text(line, raw, name=name, column=heading) if raw else ""
            if of_adult:
                headings.setdefault(of_adult, {})[name] = heading
                adults.setdefault(of_adult, {})[name] = value and self._of_adult(line, name, value, heading)
            elif value:
                self._put(line, name, value, heading)
            elif name in _NEEDED and not raw.strip():
                line.blame(heading, "empty")
        for which, said in adults.items():
            if adult := _adult(line, said, next(iter(headings[which].values()))):
                self._bearers.check(line, adult, headings[which])
                line.adults.append(adult)
        return line

    def _of_adult(self, line: Line, name: str, value: str, heading: str) -> str:
        if name == "email":
            return cells.email(line, value, column=heading)
        if name == "national_number":
            return cells.national_number(line, value, column=heading, territory=self._terms.territory)
        return value

    def _put(self, line: Line, name: str, value: str, heading: str) -> None:
        if name == "birth_date":
            if born := cells.day(line, value, column=heading, today=self._terms.today):
                line.values[name] = born
        elif name == "establishment":
            line.values[name] = (value,)
        elif name == "national_number":
            line.values[name] = cells.national_number(line, value, column=heading, territory=self._terms.territory)
        else:
            line.values[name] = value


def _adult(line: Line, said: dict[str, str], heading: str) -> Adult | None:
    if not any(said.values()):
        return None
    if not (said.get("last_name") or said.get("first_name")):
        line.blame(heading, "nameless_adult")
        return None
    role = fold(said.pop("role", "") or "parent")
    names = {"last_name": "", "first_name": "", **said}
    return Adult(**names, role=_ROLES.get(role, "relative"))
