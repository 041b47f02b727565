import pytest

from tenants.models import Organisation
from tests.clients import HostClient
from tests.factories.organisation import an_organisation_profile
from tests.payments.conftest import account, running_sandbox, sandbox
from tests.portal.people import Parent, a_parent

__all__ = ["account", "running_sandbox", "sandbox"]


@pytest.fixture(autouse=True)
def profile(organisation_a: Organisation) -> None:
    an_organisation_profile(contact_email="aide@example.org", contact_phone="819 555-0100")


@pytest.fixture
def parent(client: HostClient) -> Parent:
    """A signed-in parent, at `client`."""
    return a_parent(client)
