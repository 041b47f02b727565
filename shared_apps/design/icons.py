"""The drawings of icons/, one file each as Lucide publishes them, kept in memory once read."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "icons"
_OUTER = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


class UnknownIcon(LookupError):
    """No drawing of that name is kept in icons/."""


@cache
def shapes(name: str) -> str:
    """Return what stands inside the drawing's `<svg>`; raises UnknownIcon."""
    if not name.replace("-", "").isalnum():
        raise UnknownIcon(name)
    path = FOLDER / f"{name}.svg"
    if not path.is_file():
        raise UnknownIcon(name)
    found = _OUTER.search(path.read_text())
    if found is None:
        raise UnknownIcon(name)
    return re.sub(r"\s+", " ", found[1]).replace("> <", "><").replace(" />", "/>").strip()
