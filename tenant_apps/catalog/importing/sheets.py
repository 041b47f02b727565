"""Opens a table, CSV or XLSX, within bounds: its rows as texts, each with its number as a spreadsheet counts."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import IO, Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from tenant_apps.catalog.importing import columns
from tenant_apps.imports import errors, tables
from tenant_apps.imports.errors import BadFile

MOST_ROWS = 1_000
MOST_BYTES = 10 * 2**20
# What a workbook may come to once unpacked: it can hold a thousand times its size.
_MOST_UNPACKED = 80 * 2**20
_MOST_COLUMNS = 100

Row = tuple[int, list[str]]


class Unreadable(Exception):
    """Nothing of the file can be read; `args[0]` says why, for the reader."""


def rows(file: IO[bytes]) -> Iterator[Row]:
    """Raises Unreadable, also while it is gone through."""
    file.seek(0)
    is_workbook = file.read(4) == b"PK\x03\x04"
    file.seek(0)
    for count, (number, cells) in enumerate(_workbook(file) if is_workbook else _csv(file)):
        if count > MOST_ROWS:
            raise Unreadable(_("Ce fichier dépasse %(value)s lignes. Coupez-le en plusieurs.") % {"value": MOST_ROWS})
        yield number, cells


def _csv(file: IO[bytes]) -> Iterator[Row]:
    try:
        encoding, _lines = tables.encoding_of(file, name="")
        head = tables.first_line(file, encoding)
        mark = tables.separator_of(head, lambda names: sum(1 for each in names if columns.meaning(each)))
        yield from tables.rows(file, name="", encoding=encoding, separator=mark)
    except BadFile as fault:
        raise Unreadable(errors.told(fault.fault)) from None


def _workbook(file: IO[bytes]) -> Iterator[Row]:
    """The first sheet. Formulas come as they are written, and are refused cell by cell."""
    try:
        with zipfile.ZipFile(file) as archive:
            if sum(member.file_size for member in archive.infolist()) > _MOST_UNPACKED:
                raise Unreadable(_("Ce classeur est trop grand."))
        file.seek(0)
        book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        for number, cells in enumerate(sheet.iter_rows(max_col=_MOST_COLUMNS, values_only=True), 1):
            told = [_written(each) for each in cells]
            if any(told):
                yield number, told
    except Unreadable:
        raise
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, OSError, SyntaxError, EOFError):
        raise Unreadable(
            _("Ce classeur n’est pas lisible. Enregistrez-le de nouveau en XLSX ou en CSV UTF-8.")
        ) from None


def _written(value: Any) -> str:
    """As one would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        is_day = not (value.hour or value.minute)
        return value.date().isoformat() if is_day else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)
