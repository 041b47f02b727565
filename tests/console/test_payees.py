"""« Comptes de paiement » of an organisation in the console."""

from collections.abc import Iterator

import pytest

from billing.models import ConnectedAccount
from shared_apps.audit.models import Entry
from tenants.context import in_organisation, in_registry
from tenants.models import Organisation
from tests.billing.accounts import WEB, news, require
from tests.clients import HostClient
from tests.factories.moments import NOON
from tests.payments.conftest import account as account
from tests.payments.conftest import running_sandbox as running_sandbox
from tests.payments.conftest import sandbox as sandbox
from tests.payments.sandbox import Sandbox

PAGE = "/console/organisations/a/comptes"


@pytest.fixture
def open_account(account: ConnectedAccount, operations: Organisation) -> Iterator[ConnectedAccount]:
    """Of organisation A; the test is on the platform's own host."""
    yield account


def test_the_tab_shows_what_each_account_lacks_and_by_which_key(
    open_account: ConnectedAccount, operator: HostClient, sandbox: Sandbox
) -> None:
    require(sandbox, open_account, WEB)

    page = operator.post(f"{PAGE}/verifier", follow=True).content.decode()

    assert "Les comptes sont vérifiés." in page
    for words in ("Paiements arrêtés", "L’adresse du site web de l’organisme", WEB, open_account.processor_id):
        assert words in page


def test_asking_again_is_told_in_the_trail_and_to_the_organisation(
    organisation_b: Organisation, open_account: ConnectedAccount, operator: HostClient, sandbox: Sandbox
) -> None:
    with in_registry():
        theirs = ConnectedAccount.objects.create(organisation=organisation_b, processor_id="acct_0b", name="B")
    require(sandbox, open_account, WEB)

    operator.post(f"{PAGE}/verifier")

    assert Entry.objects.get(action="organisations.payees_looked_at").details == {"silent": []}
    with in_registry():
        assert ConnectedAccount.objects.get(pk=theirs.pk).checked_at is None
        own = Organisation.objects.get(slug="a")
    with in_organisation(own):
        assert news() == ["well", "payments_stopped"]


def test_a_processor_that_is_away_is_said(
    open_account: ConnectedAccount, operator: HostClient, sandbox: Sandbox
) -> None:
    sandbox.control("faults", {"rules": [{"kind": "status", "status": 503, "path": "^/v2/core"}]})

    page = operator.post(f"{PAGE}/verifier", follow=True).content.decode()

    assert "Le processeur n’a rien dit de\u202f: Organisation A." in page


def test_an_organisation_without_account_has_an_empty_tab(operator: HostClient) -> None:
    page = operator.get("/console/organisations/b/comptes").content.decode()

    assert "Aucun compte n’est relié au processeur de paiement" in page


@pytest.mark.parametrize(("method", "page"), [("get", PAGE), ("post", f"{PAGE}/verifier")])
def test_the_tab_is_for_operators(visitor: HostClient, method: str, page: str) -> None:
    assert getattr(visitor, method)(page).status_code == 302
    assert Entry.objects.count() == 0


def test_an_unknown_organisation_has_none(operator: HostClient) -> None:
    assert operator.get("/console/organisations/personne/comptes").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_tab_asks_as_much_for_one_account_as_for_three(
    operator: HostClient, django_assert_num_queries: object, count: int
) -> None:
    with in_registry():
        own = Organisation.objects.get(slug="a")
        for number in range(count):
            ConnectedAccount.objects.create(
                organisation=own, processor_id=f"acct_{number}", name=f"{number}", created_at=NOON
            )
    operator.get(PAGE)

    with django_assert_num_queries(11):  # type: ignore[operator]
        operator.get(PAGE)
