"""Tables to open in a spreadsheet: written as the reader's country does, and with no cell that a spreadsheet runs."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils.translation import get_language

# What a spreadsheet takes for the beginning of a formula.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


def table(name: str, head: Sequence[object], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A CSV file to download, in UTF-8 with the mark that spreadsheets know it by."""
    lines = io.StringIO()
    writer = csv.writer(lines, delimiter=_delimiter())
    writer.writerow([safe(cell) for cell in head])
    writer.writerows([safe(cell) for cell in row] for row in rows)
    response = HttpResponse("\ufeff" + lines.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


def safe(cell: object) -> str:
    """An apostrophe before what would be run: the spreadsheet then shows it as the text it is."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def amount(cents: int) -> str:
    """Whole and hundredths, « 12,50 » or « 12.50 », of an amount that is never below zero."""
    whole, hundredths = divmod(cents, 100)
    return f"{whole}{_decimal_mark()}{hundredths:02}"


def _delimiter() -> str:
    return "," if _decimal_mark() == "." else ";"


def _decimal_mark() -> str:
    return "." if (get_language() or "fr").startswith("en") else ","
