from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def files_of_this_test(settings: Settings, tmp_path: Path) -> Path:
    """Pictures are kept where the test's own folder is."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path
