"""The ZIP of a OneRoster export: its files by name, opened within bounds and nowhere on the disk."""

import zipfile
from collections.abc import Iterator
from typing import IO

from tenant_apps.imports import tables
from tenant_apps.imports.errors import BadFile

# What all the files come to once unpacked, and how many there may be: an archive can hold a thousand times its size.
MOST_BYTES = 600 * 2**20
_MOST_FILES = 100
_MOST_ROWS = 3_000_000
_ENCRYPTED = 0x1

Record = dict[str, str]


class Archive:
    def __init__(self, file: IO[bytes]) -> None:
        """Raises BadFile."""
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError):
            raise BadFile("bad_zip") from None
        members = self._zip.infolist()
        if len(members) > _MOST_FILES or sum(member.file_size for member in members) > MOST_BYTES:
            raise BadFile("zip_too_big")
        if any(member.flag_bits & _ENCRYPTED for member in members):
            raise BadFile("encrypted_zip")
        # Some exports put the files into one folder: only the last part of the name counts.
        self._members = {member.filename.rpartition("/")[2]: member for member in members if not member.is_dir()}

    def has(self, name: str) -> bool:
        return name in self._members

    def records(self, name: str, *needed: str) -> Iterator[tuple[int, Record]]:
        """Each row as its values by heading, with its number. Raises BadFile."""
        if name not in self._members:
            raise BadFile("missing_file", name=name)
        try:
            with self._zip.open(self._members[name]) as file:
                rows = tables.rows(file, name=name)
                headings = [heading.strip() for heading in next(rows, (1, []))[1]]
                for column in needed:
                    if column not in headings:
                        raise BadFile("missing_column", file=name, column=column)
                for number, row in rows:
                    if number > _MOST_ROWS:
                        raise BadFile("too_many_rows", file=name, most=_MOST_ROWS)
                    cells = [*row, *[""] * (len(headings) - len(row))]
                    yield number, dict(zip(headings, cells, strict=False))
        except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError):
            raise BadFile("bad_zip", file=name) from None
