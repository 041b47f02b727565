import pytest

from tenants.models import Organisation
from tests.factories.organisation import an_organisation_profile


@pytest.fixture(autouse=True)
def profile(organisation_a: Organisation) -> None:
    an_organisation_profile()
