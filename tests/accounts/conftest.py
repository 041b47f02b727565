from pathlib import Path

import pytest
from pytest_django import Settings

from tests.accounts.members import MovedClock


@pytest.fixture
def time_passes(settings: Settings, tmp_path: Path) -> MovedClock:
    return MovedClock(settings, tmp_path)
