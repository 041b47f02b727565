"""The preview and the browser shared by the tests that look at pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browsers import a_browser
from tests.design.browsing import a_server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with a_browser() as chromium:
        yield chromium


@pytest.fixture(scope="session")
def preview() -> Iterator[str]:
    """Give the address of the preview."""
    with a_server() as address:
        yield address
