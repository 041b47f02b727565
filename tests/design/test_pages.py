"""Pages as people meet them: accessible in both schemes, never wider than the screen, obeying the strict policy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page

from tests.axe import violations

SKELETONS = ("office?office=1", "account", "public")
ERRORS = ("400", "403", "404", "429", "500", "503", "csrf", "unknown_host", "suspended")
PAGES = ("/", *(f"/screen/made_up/{name}" for name in SKELETONS), *(f"/screen/errors/{name}" for name in ERRORS))


@dataclass
class Visit:
    """A page opened once for all that is asked of it, and what the browser said against it."""

    page: Page
    said: list[str] = field(default_factory=list)


@pytest.fixture(scope="module", params=PAGES)
def visit(browser: Browser, preview: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    page = browser.new_page(locale="fr-CA", viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    opened = Visit(page)
    page.on("console", lambda message: opened.said.append(message.text))
    page.on("pageerror", lambda error: opened.said.append(str(error)))
    page.goto(preview + request.param)
    yield opened
    page.close()


def test_every_page_has_a_language_a_title_one_heading_and_obeys_the_policy(visit: Visit) -> None:
    page = visit.page
    assert page.locator("html").get_attribute("lang") == "fr"
    assert page.locator("h1").count() == 1
    assert page.locator("main").count() == 1
    assert page.title().endswith(("· Centre de services scolaire des Rivières", "· Préau"))
    assert visit.said == []


def test_no_page_is_wider_than_the_screen(visit: Visit) -> None:
    for width, text in ((320, "100%"), (640, "200%"), (1280, "200%")):
        visit.page.set_viewport_size({"width": width, "height": 800})
        visit.page.evaluate("size => { document.documentElement.style.fontSize = size }", text)
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width, (width, text)
    visit.page.evaluate("document.documentElement.style.fontSize = ''")


def test_every_page_is_accessible_in_light_and_in_dark(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 1280, "height": 900})
    assert violations(visit.page) == []
    visit.page.emulate_media(color_scheme="dark")
    assert violations(visit.page, only="color-contrast") == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("brand", ["", "brand=ffd400", "brand=0057b8&accent=e4002b"])
def test_a_phone_shows_every_colour_and_error_accessibly(
    browser: Browser, preview: str, brand: str, scheme: str
) -> None:
    page = browser.new_page(locale="fr-CA", color_scheme=scheme, viewport={"width": 360, "height": 900})
    page.goto(f"{preview}/?errors=1&{brand}")
    # Neither the brand nor the scheme changes anything but colours.
    assert violations(page, only="color-contrast" if brand or scheme == "dark" else "") == []
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
