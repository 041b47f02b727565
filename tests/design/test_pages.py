"""Pages as people meet them: accessible in both schemes, never wider than the screen, obeying the strict policy."""

from __future__ import annotations

from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

GUIDE = "/"
SKELETONS = ("home", "offering", "office?office=1", "account", "public")
ERRORS = ("400", "403", "404", "429", "500", "503", "csrf", "unknown_host", "suspended")
PAGES = [GUIDE, *(f"/screen/made_up/{name}" for name in SKELETONS), *(f"/screen/errors/{name}" for name in ERRORS)]
BRANDS = ("", "brand=ffd400", "brand=0057b8&accent=e4002b")


@pytest.mark.parametrize(("brand", "width", "scheme"), list(product(BRANDS, (360, 1280), ("light", "dark"))))
def test_the_guide_has_no_accessibility_violation(
    browser: Browser, preview: str, brand: str, width: int, scheme: str
) -> None:
    page = browser.new_page(locale="fr-CA", color_scheme=scheme, viewport={"width": width, "height": 900})
    page.goto(f"{preview}/?errors=1&{brand}")
    assert _violations(page) == []
    page.close()


@pytest.mark.parametrize(("path", "scheme"), list(product(PAGES[1:], ("light", "dark"))))
def test_every_skeleton_and_error_page_is_accessible(browser: Browser, preview: str, path: str, scheme: str) -> None:
    page = browser.new_page(locale="fr-CA", color_scheme=scheme, viewport={"width": 1280, "height": 900})
    page.goto(preview + path)
    assert _violations(page) == []
    page.close()


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_a_language_a_title_one_heading_and_obeys_the_policy(
    browser: Browser, preview: str, path: str
) -> None:
    said: list[str] = []
    page = browser.new_page(locale="fr-CA")
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(preview + path)

    assert page.locator("html").get_attribute("lang") == "fr"
    assert page.locator("h1").count() == 1
    assert page.locator("main").count() == 1
    assert page.title().endswith(("· Centre de services scolaire des Rivières", "· Préau"))
    assert said == []
    page.close()


@pytest.mark.parametrize("path", PAGES)
def test_no_page_is_wider_than_the_screen(browser: Browser, preview: str, path: str) -> None:
    page = browser.new_page(locale="fr-CA")
    page.goto(preview + path)
    for width, text in ((320, "100%"), (640, "200%"), (1280, "200%")):
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate("size => { document.documentElement.style.fontSize = size }", text)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (width, text)
    page.close()


def test_everything_one_touches_is_large_enough(browser: Browser, preview: str) -> None:
    page = browser.new_page(locale="fr-CA", viewport={"width": 360, "height": 800})
    page.goto(preview)
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, .button, summary, .nav a, .pagination a, .tabs a, select")]
            .map(one => [one.textContent.trim(), one.className, one.getBoundingClientRect()])
            .filter(([, , box]) => box.width && box.height && box.height < 43.5)
            .map(([text, name]) => `${text} (${name})`)
            .filter(text => !text.includes("link-button"))"""
    )
    assert small == []
    page.close()


def test_an_error_is_told_in_the_title(browser: Browser, preview: str) -> None:
    page = browser.new_page(locale="fr-CA")
    page.goto(f"{preview}/?errors=1")
    assert page.title().startswith("Erreur\u202f: Guide")
    page.close()


def _violations(page: object) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]
