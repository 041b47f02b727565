import json
import os
import re
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from deploy.embedded import services
from tests.axe import violations
from tests.e2e import weeks
from tests.e2e.demo import Demo

PICTURES = Path(__file__).parents[2] / ".local" / "screenshots"
PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1280, "height": 800}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # One demonstration for all of them: the same worker takes them one after the other.
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("demonstration"))


@pytest.fixture(scope="session")
def demo() -> Iterator[Demo]:
    """The whole demonstration in a folder of its own; E2E_DEMO names the demo.json of one that already runs."""
    if running := os.environ.get("E2E_DEMO"):
        yield Demo(json.loads(Path(running).read_text()))
        return
    with services.temporary_folder() as folder, services.platform(folder) as facts:
        yield Demo(facts)


@pytest.fixture
def visitor(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., BrowserContext]]:
    """Makes somebody with a browser of their own; by default on a phone, reading French."""
    contexts: list[BrowserContext] = []

    def arrive(*, desk: bool = False, javascript: bool = True) -> BrowserContext:
        context = browser.new_context(
            viewport=DESK if desk else PHONE, locale="fr-CA", java_script_enabled=javascript, reduced_motion="reduce"
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context

    yield arrive
    if hasattr(request.node, "failed"):
        for number, page in enumerate(page for context in contexts for page in context.pages):
            page.screenshot(path=_picture(request.node.name, f"failed-{number}", page), full_page=True)
    for context in contexts:
        context.close()


@pytest.fixture
def phone(visitor: Callable[..., BrowserContext]) -> Page:
    return visitor().new_page()


@pytest.fixture
def desk(visitor: Callable[..., BrowserContext]) -> Page:
    return visitor(desk=True).new_page()


@pytest.fixture
def hugo(demo: Demo, phone: Page) -> Page:
    """The sheet of the commune's camps, for a child of its first family."""
    weeks.of_hugo(phone, demo)
    return phone


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Writes what a page looks like, once it has all come, to `.local/screenshots`."""

    def take(page: Page, name: str) -> None:
        page.wait_for_load_state()
        page.screenshot(path=_picture(request.node.name, name, page), full_page=True)

    return take


@pytest.fixture
def pictures(picture: Callable[[Page, str], None]) -> Callable[[Page, str], None]:
    """The same on a phone and at a desk: nothing against the rules of WCAG, nothing wider than the screen."""

    def take(page: Page, name: str) -> None:
        before = page.viewport_size
        for size in (PHONE, DESK):
            page.set_viewport_size(size)
            assert violations(page) == [], page.url
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], page.url
            picture(page, name)
        if before:
            page.set_viewport_size(before)

    return take


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.Item]:
    outcome = yield
    if outcome.get_result().failed:
        item.failed = True


def _picture(test: str, name: str, page: Page) -> Path:
    PICTURES.mkdir(parents=True, exist_ok=True)
    width = page.viewport_size["width"] if page.viewport_size else 0
    short = re.sub("[^a-z0-9]+", "-", test.removeprefix("test_"))[:60]
    return PICTURES / f"{short}-{name}-{width}.png"
