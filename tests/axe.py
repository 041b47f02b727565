"""What axe-core says against a page, by the rules of WCAG."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def violations(page: Page, *, only: str = "") -> list[str]:
    """Each rule broken on the page once it has all come, with what breaks it; `only` asks for one rule."""
    page.wait_for_load_state()
    options = {"runOnly": [only]} if only else None
    found = Axe().run(page, options=options).response["violations"]
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]
