"""The preview shared by the tests that look at pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.design.browsing import a_server


@pytest.fixture(scope="session")
def preview() -> Iterator[str]:
    """Give the address of the preview."""
    with a_server() as address:
        yield address
