"""The platform's own host, and an operator who is signed in there with the second factor."""

from collections.abc import Iterator

import pytest

from tenants.context import in_organisation, in_registry
from tenants.models import Organisation
from tests.clients import HostClient
from tests.factories.organisation import a_user


@pytest.fixture
def operations(db: None) -> Iterator[Organisation]:
    """The test is inside the platform's own organisation."""
    with in_registry():
        own = Organisation.objects.get(slug="ops")
    with in_organisation(own):
        yield own


@pytest.fixture
def visitor(operations: Organisation) -> HostClient:
    return HostClient("localhost")


@pytest.fixture
def operator(visitor: HostClient) -> HostClient:
    visitor.force_login(a_user("op@example.org"), second_factor=True)
    return visitor
