"""An organisation with a school and two levels, whose files are kept apart from everybody's."""

from pathlib import Path

import pytest
from pytest_django import Settings

from tenant_apps.organisation.models import Establishment
from tenants.models import Organisation
from tests.factories.organisation import a_level, an_establishment, an_organisation_profile


@pytest.fixture(autouse=True)
def school(organisation_a: Organisation, settings: Settings, tmp_path: Path) -> Establishment:
    settings.MEDIA_ROOT = tmp_path
    an_organisation_profile()
    a_level("1re année", code="1re")
    a_level("2e année", code="2e")
    return an_establishment("École A", code="ecole-a")
