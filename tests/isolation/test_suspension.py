"""A suspended organisation is read and taken away, and nothing new begins in it."""

import pytest

from tenants.context import in_registry
from tenants.models import Organisation, SuspendedFor
from tenants.operations.suspend import suspend
from tests.clients import HostClient
from tests.factories.moments import NOON
from tests.factories.organisation import an_organisation_profile

pytestmark = pytest.mark.django_db


@pytest.fixture
def suspended(organisation_a: Organisation) -> Organisation:
    an_organisation_profile()
    with in_registry():
        suspend(organisation_id=organisation_a.id, reason=SuspendedFor.UNPAID, at=NOON)
    return organisation_a


@pytest.mark.usefixtures("suspended")
def test_its_pages_are_read_and_say_so() -> None:
    page = HostClient("a.localhost").get("/activites")

    assert page.status_code == 200
    assert "Ce site peut seulement être consulté" in page.content.decode()


@pytest.mark.usefixtures("suspended")
@pytest.mark.parametrize("address", ["/inscription", "/panier/passer", "/gestion/imports/nouveau"])
def test_no_form_is_taken(address: str) -> None:
    answer = HostClient("a.localhost").post(address, {})

    assert answer.status_code in {404, 503}
    assert HostClient("b.localhost").post(address, {}).status_code != 503


@pytest.mark.usefixtures("suspended")
def test_whoever_has_an_account_signs_in() -> None:
    answer = HostClient("a.localhost").post("/connexion", {"login": "nobody@example.org", "password": "wrong"})

    assert answer.status_code == 200
