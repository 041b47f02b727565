"""Two adults of a file never bear one national number, nor one reference."""

from collections.abc import Mapping

from kernel.folding import fold
from tenant_apps.imports.lines import Adult, Line

_UNIQUE = ("reference", "national_number")


class Bearers:
    """Whose each number is, by name, and the row that said so: a parent stands in the row of every child."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[str, int]] = {}

    def check(self, line: Line, adult: Adult, headings: Mapping[str, str]) -> None:
        """`headings`: what the adult's own columns are called."""
        name = fold(f"{adult.last_name} {adult.first_name}")
        for column in _UNIQUE:
            if not (value := getattr(adult, column)):
                continue
            known = self._known.get((column, value))
            if known and (known[0] != name or known[1] == line.row):
                line.blame(headings[column], "adult_taken", other=known[1])
            self._known[column, value] = known if known and known[0] != name else (name, line.row)
