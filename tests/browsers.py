"""The Chromium that the browser tests drive, one for each process: Playwright bears no second one beside it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

from deploy.embedded.browser import HOW_TO_GET_ONE, find

# Without these Chromium calls home at each start, and a root user has no sandbox to run it in.
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def a_browser() -> Iterator[Browser]:
    """A headless Chromium. Without one the test is skipped, except where nobody would see that it was."""
    program = find()
    if program is None and os.environ.get("CI"):
        pytest.fail(HOW_TO_GET_ONE)
    if program is None:
        pytest.skip(HOW_TO_GET_ONE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with a_browser() as chromium:
        yield chromium
