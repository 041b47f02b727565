"""What names in a table stand for: categories, seasons, establishments, levels and payment accounts, read once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kernel.folding import fold
from tenant_apps.catalog.models import Category, Season
from tenant_apps.organisation.models import Establishment, Level, Payee


@dataclass(frozen=True, slots=True)
class Names:
    """By column, each thing by its folded name, and by its code where it has one."""

    known: Mapping[str, Mapping[str, Any]]
    # Whose the money of a new offering is where there is only one it could be.
    only_payee: Payee | None

    @classmethod
    def read(cls) -> "Names":
        payees = list(Payee.objects.all())
        known = {
            "category": _by_name(Category.objects.all(), "slug"),
            "season": _by_name(Season.objects.all()),
            "establishments": _by_name(Establishment.objects.all(), "code"),
            "levels": _by_name(Level.objects.all(), "code"),
            "payee": _by_name(payees),
        }
        return cls(known, payees[0] if len(payees) == 1 else None)

    def resolve(self, column: str, value: Any) -> tuple[Any, str]:
        """What it stands for, and the name that stands for nothing; other columns say themselves."""
        known = self.known.get(column)
        if known is None:
            return value, ""
        if isinstance(value, list):
            found = [known.get(fold(name)) for name in value]
            return [each for each in found if each], next((name for name in value if fold(name) not in known), "")
        return known.get(fold(value)), "" if fold(value) in known else value


def _by_name(rows: Iterable[Any], code: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row in rows:
        if code:
            found.setdefault(fold(getattr(row, code)), row)
        found[fold(row.name)] = row
    return found
