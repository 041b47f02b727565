"""An organisation with files of its own, in which families have left traces everywhere."""

from pathlib import Path

import pytest
from pytest_django import Settings

from shared_apps.vault import keys
from tenants.models import Organisation
from tests.factories.organisation import an_organisation_profile


@pytest.fixture(autouse=True)
def profile(organisation_a: Organisation, settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    keys.forget()
    an_organisation_profile(contact_email="aide@example.org")
