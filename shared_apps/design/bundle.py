"""Joins the files of css/ into the one style sheet that is served: `python -m shared_apps.design.bundle`."""

from __future__ import annotations

import re
from pathlib import Path

from shared_apps.design.brand import brand_css

HERE = Path(__file__).parent
SERVED = HERE / "static" / "design" / "css" / "app.css"
LAYERS = ("reset", "tokens", "base", "layout", "components", "utilities", "print")
PRODUCT = ("#0b5c58", "#f4b43e")
SOURCES = (
    "fonts", "reset", "tokens", "base", "layout", "chrome", "controls", "forms", "surfaces",
    "catalogue", "booking", "office", "utilities", "print",
)  # fmt: skip


def bundled() -> str:
    """Return the served sheet: the order of layers, the product's colours, every source without its comments."""
    parts = [f"@layer {', '.join(LAYERS)};", f"@layer tokens{{{brand_css(*PRODUCT)}}}"]
    parts += [_lean((HERE / "css" / f"{name}.css").read_text()) for name in SOURCES]
    return "\n".join(parts) + "\n"


def _lean(source: str) -> str:
    without_comments = re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL)
    lines = (line.strip() for line in without_comments.splitlines())
    return "\n".join(line for line in lines if line)


if __name__ == "__main__":
    SERVED.write_text(bundled())
