import pytest

from tenant_apps.organisation.models import Profile
from tenants.models import Organisation
from tests.factories.organisation import an_organisation_profile


@pytest.fixture(autouse=True)
def profile(organisation_a: Organisation) -> Profile:
    return an_organisation_profile()
