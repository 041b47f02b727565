"""What every layout gives: lines, one for each child, and what was seen on the way."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import IO, Protocol

from tenant_apps.imports.lines import Line


@dataclass(frozen=True, slots=True)
class Terms:
    """What the organisation allows and takes for granted: `today` in its own place."""

    territory: str
    asks_national_number: bool
    today: date
    name: str = ""


class Source(Protocol):
    """`total`: about how many lines there will be; `ignored`: headings that mean nothing here."""

    total: int
    ignored: list[str]

    def __iter__(self) -> Iterator[Line]: ...


class Reader(Protocol):
    """Raises BadFile."""

    def __call__(self, file: IO[bytes], terms: Terms) -> Source: ...
