"""The preview and the browser shared by the tests that look at pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.design.browsing import CHROMIUM, a_browser, a_server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Give a headless browser, or skip where there is none."""
    if not CHROMIUM.exists():
        pytest.skip(f"no browser at {CHROMIUM}")
    with a_browser() as chromium:
        yield chromium


@pytest.fixture(scope="session")
def preview() -> Iterator[str]:
    """Give the address of the preview."""
    with a_server() as address:
        yield address
