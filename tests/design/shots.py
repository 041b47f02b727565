"""Takes pictures of the preview into .local/screenshots: `python -m tests.design.shots [name=path ...]`."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.browsers import a_browser
from tests.design.browsing import a_server

FOLDER = Path(".local/screenshots")
WIDTHS = {"phone": 360, "desk": 1280}
PAGES = {"guide": "/", "yellow": "/?brand=ffd400", "errors": "/?errors=1"}


def main(pages: dict[str, str]) -> None:
    """Take one picture a page, width and colour scheme."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with a_server() as address, a_browser() as browser:
        for scheme in ("light", "dark"):
            for size, width in WIDTHS.items():
                page = browser.new_page(locale="fr-CA", color_scheme=scheme, viewport={"width": width, "height": 900})
                for name, path in pages.items():
                    page.goto(address + path)
                    page.screenshot(path=FOLDER / f"{name}-{size}-{scheme}.png", full_page=True)
                page.close()


if __name__ == "__main__":
    main(dict(argument.split("=", 1) for argument in sys.argv[1:]) or PAGES)
