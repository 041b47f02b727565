"""Tables to open in a spreadsheet: written as the reader's country does, and with no cell that a spreadsheet runs."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils.translation import get_language

from kernel import spreadsheets
from kernel.spreadsheets import Number, safe


def table(name: str, head: Sequence[object], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A CSV file to download, in UTF-8 with the mark that spreadsheets know it by."""
    lines = io.StringIO()
    writer = csv.writer(lines, delimiter=_delimiter())
    writer.writerow([safe(cell) for cell in head])
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return file(f"{name}.csv", ("\ufeff" + lines.getvalue()).encode(), "text/csv; charset=utf-8")


def file(name: str, data: bytes, content_type: str) -> HttpResponse:
    response = HttpResponse(data, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def amount(cents: int) -> Number:
    """Whole and hundredths, as the reader's language writes them."""
    return spreadsheets.amount(cents, decimal_mark())


def _delimiter() -> str:
    return "," if decimal_mark() == "." else ";"


def decimal_mark() -> str:
    """As the reader's language writes it."""
    return "." if (get_language() or "fr").startswith("en") else ","
