"""Opens a table, CSV or XLSX, within bounds: its rows as texts, each with its number as a spreadsheet counts."""

import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from typing import IO, Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from tenant_apps.catalog.importing import columns
from tenant_apps.imports import errors, tables
from tenant_apps.imports.errors import BadFile

MOST_ROWS = 1_000
MOST_BYTES = 10 * 2**20
# What a workbook may come to once unpacked: it can hold a thousand times its size.
_MOST_UNPACKED = 80 * 2**20
_MOST_ELEMENTS = 500_000
_MOST_GONE_THROUGH = 100 * MOST_ROWS
_PIECE = 1 << 20
# What a broken workbook makes of those who open it.
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, InvalidFileException, OSError, EOFError, SyntaxError),
    *(ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError),
)
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
            _weigh(archive)
        file.seek(0)
        book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        for number, cells in enumerate(sheet.iter_rows(max_col=_MOST_COLUMNS, values_only=True), 1):
            # A row may say any number of itself: all those between count as empty ones.
            if number > _MOST_GONE_THROUGH:
                raise _too_large()
            told = [_written(each) for each in cells]
            if any(told):
                yield number, told
    except Unreadable:
        raise
    except _BROKEN:
        raise Unreadable(
            _("Ce classeur n’est pas lisible. Enregistrez-le de nouveau en XLSX ou en CSV UTF-8.")
        ) from None


def _weigh(archive: zipfile.ZipFile) -> None:
    """Raises Unreadable: in memory an element is a hundred times what it is in the file."""
    members = archive.infolist()
    if sum(member.file_size for member in members) > _MOST_UNPACKED:
        raise _too_large()
    elements = 0
    for member in members:
        with archive.open(member) as part:
            while piece := part.read(_PIECE):
                elements += piece.count(b"<")
    if elements > _MOST_ELEMENTS:
        raise _too_large()


def _too_large() -> Unreadable:
    return Unreadable(_("Ce classeur est trop grand."))


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
    # What it says is refused, as that of any formula.
    return "=" if isinstance(value, (ArrayFormula, DataTableFormula)) else str(value)
