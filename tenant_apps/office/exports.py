"""Tables to open in a spreadsheet: written as the reader's country does, and with no cell that a spreadsheet runs."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils.translation import get_language

# What a spreadsheet takes for the beginning of a formula, in whatever width it is written.
_DANGEROUS = ("=", "+", "-", "@")
# Control characters and the two breaks of Unicode: a cell is one line, whatever was pasted into a form.
_BREAKS = {"Cc", "Zl", "Zp"}


class Number(str):
    """A number that we wrote ourselves: its minus sign begins no formula."""

    __slots__ = ()


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
    """One line, and an apostrophe before what would be run: the spreadsheet then shows it as the text it is."""
    if isinstance(cell, Number):
        return cell
    text = "" if cell is None else str(cell)
    text = "".join(" " if unicodedata.category(each) in _BREAKS else each for each in text).strip()
    return f"'{text}" if _first_seen(text).startswith(_DANGEROUS) else text


def amount(cents: int) -> Number:
    """Whole and hundredths, « 12,50 », « -12,50 » or « 12.50 »."""
    whole, hundredths = divmod(abs(cents), 100)
    return Number(f"{'-' if cents < 0 else ''}{whole}{decimal_mark()}{hundredths:02}")


def _first_seen(text: str) -> str:
    """The first character that shows, in its ordinary width: « ＝ » is « = », behind a mark without width too."""
    shown = (each for each in text if unicodedata.category(each) != "Cf" and not each.isspace())
    return unicodedata.normalize("NFKC", next(shown, ""))


def _delimiter() -> str:
    return "," if decimal_mark() == "." else ";"


def decimal_mark() -> str:
    """As the reader's language writes it."""
    return "." if (get_language() or "fr").startswith("en") else ","
