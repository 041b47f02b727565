"""What a visitor narrows the catalogue to, read from an address that can be shared."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date


@dataclass(frozen=True, slots=True)
class Filters:
    """`level` and `establishment` are codes, `category` a slug, `nature` of Nature; an empty one narrows nothing."""

    level: str = ""
    establishment: str = ""
    category: str = ""
    nature: str = ""
    tag: str = ""
    keywords: str = ""
    from_on: date | None = None
    until_on: date | None = None
    open_only: bool = False

    @property
    def names(self) -> list[str]:
        """Of those that narrow anything; both ends of a period are one."""
        said = [each.name for each in fields(self) if getattr(self, each.name)]
        return [name for name in said if name != "until_on" or not self.from_on]


def read(query: Mapping[str, str]) -> Filters:
    """The filters of a query string. What cannot be read narrows nothing: an old link still opens."""
    return Filters(
        level=_code(query, "level"),
        establishment=_code(query, "establishment"),
        category=_code(query, "category"),
        nature=_code(query, "nature"),
        tag=_code(query, "tag"),
        keywords=query.get("keywords", "").replace("\x00", "").strip()[:100],
        from_on=_day(query.get("from", "")),
        until_on=_day(query.get("until", "")),
        open_only=bool(query.get("open")),
    )


def _code(query: Mapping[str, str], name: str) -> str:
    # PostgreSQL refuses the null character, even to compare with.
    return query.get(name, "").replace("\x00", "")[:60]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
