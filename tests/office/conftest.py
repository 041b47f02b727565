"""A workplace, and staff who are already signed in to it."""

from collections.abc import Callable

import pytest

from tenant_apps.organisation.models import Establishment, Profile
from tenants.models import Organisation
from tests.clients import HostClient
from tests.factories.organisation import a_staff_member, an_organisation_profile

SignIn = Callable[..., HostClient]


@pytest.fixture(autouse=True)
def profile(organisation_a: Organisation) -> Profile:
    return an_organisation_profile()


@pytest.fixture
def as_staff() -> SignIn:
    """`as_staff("secretary", establishment)` is the browser of a member of staff."""

    def sign_in(role: str, *establishments: Establishment) -> HostClient:
        client = HostClient("a.localhost")
        client.force_login(a_staff_member(role, establishments=list(establishments)).user, second_factor=True)
        return client

    return sign_in
