"""Cells that a spreadsheet shows and never runs, whoever wrote what is in them."""

import unicodedata

# What a spreadsheet takes for the beginning of a formula, in whatever width it is written.
_DANGEROUS = ("=", "+", "-", "@")
# Control characters and the two breaks of Unicode: a cell is one line, whatever was pasted into a form.
_BREAKS = {"Cc", "Zl", "Zp"}


class Number(str):
    """A number that we wrote ourselves: its minus sign begins no formula."""

    __slots__ = ()


def amount(cents: int, decimal_mark: str) -> Number:
    """Whole and hundredths, « 12,50 », « -12,50 » or « 12.50 »."""
    whole, hundredths = divmod(abs(cents), 100)
    return Number(f"{'-' if cents < 0 else ''}{whole}{decimal_mark}{hundredths:02}")


def safe(cell: object) -> str:
    """One line, and an apostrophe before what would be run: the spreadsheet then shows it as the text it is."""
    if isinstance(cell, Number):
        return cell
    text = "" if cell is None else str(cell)
    text = "".join(" " if unicodedata.category(each) in _BREAKS else each for each in text).strip()
    return f"'{text}" if _first_seen(text).startswith(_DANGEROUS) else text


def _first_seen(text: str) -> str:
    """The first character that shows, in its ordinary width: « ＝ » is « = », behind a mark without width too."""
    shown = (each for each in text if unicodedata.category(each) != "Cf" and not each.isspace())
    return unicodedata.normalize("NFKC", next(shown, ""))
