"""The page where an organisation says with whose identities its families may come in."""

from collections.abc import Iterator

import pytest
from allauth.socialaccount.models import SocialAccount, SocialApp
from django.conf import LazySettings

from shared_apps.accounts.providers import sources
from shared_apps.audit.models import Entry
from tenant_apps.organisation.models import Profile, Role
from tenants.context import in_organisation
from tenants.models import Organisation
from tests.accounts.openid import a_provider_of_identities, an_app
from tests.clients import HostClient
from tests.factories.organisation import a_user
from tests.office.conftest import SignIn

PAGE = "/gestion/reglages/connexion"
SAID = {
    "name": "Portail des parents",
    "issuer": "https://identite.example/",
    "client_id": "preau",
    "secret": "tr3s secret",
    "scopes": "profile email",
    "locked": ["last_name", "first_name"],
    "is_verified": "on",
    "claim_last_name": "family_name, surname",
    "claim_first_name": "given_name",
    "claim_email": "email",
}


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with a_provider_of_identities() as issuer:
        yield issuer


@pytest.fixture
def owner(as_staff: SignIn) -> HostClient:
    return as_staff(Role.OWNER)


@pytest.mark.parametrize(
    "role", [Role.FINANCE, Role.PROGRAMME_MANAGER, Role.SECRETARY, Role.GROUP_LEADER, Role.AUDITOR]
)
def test_only_the_owner_and_administrators_see_it(as_staff: SignIn, role: str) -> None:
    an_app("https://identite.example")
    client = as_staff(role)

    for address in (PAGE, f"{PAGE}/ajouter/eid", f"{PAGE}/eid", f"{PAGE}/eid/retirer"):
        assert client.get(address).status_code == 403
    for address in (f"{PAGE}/eid", f"{PAGE}/eid/verifier", f"{PAGE}/eid/service", f"{PAGE}/eid/retirer"):
        assert client.post(address, SAID).status_code == 403
    assert SocialApp.objects.count() == 1


def test_a_provider_is_added_from_what_is_usual_with_its_secret_encrypted(owner: HostClient) -> None:
    page = owner.get(f"{PAGE}/ajouter/eid").content.decode()
    assert "egovNRN" in page

    answer = owner.post(f"{PAGE}/ajouter/board", SAID)

    app = SocialApp.objects.get()
    assert answer.url == f"{PAGE}/{app.provider_id}"
    source = sources.source_of(app)
    assert (source.issuer, source.scopes) == ("https://identite.example", ("openid", "profile", "email"))
    assert source.claims == {
        "last_name": ("family_name", "surname"),
        "first_name": ("given_name",),
        "email": ("email",),
    }
    assert (source.locked, source.is_verified, source.is_active) == (("last_name", "first_name"), True, True)
    assert (app.secret, sources.secret_of(app)) == ("", "tr3s secret")
    assert "tr3s secret" not in str(app.settings)
    page = owner.get(answer.url).content.decode()
    assert f"http://a.localhost/connexion/avec/{app.provider_id}/retour" in page
    assert "tr3s secret" not in page


def test_every_change_is_in_the_trail_and_the_secret_is_not(owner: HostClient) -> None:
    an_app("https://identite.example")

    owner.post(f"{PAGE}/eid", {**SAID, "name": "eID"})
    owner.post(f"{PAGE}/eid/service", {"to": "off"})
    owner.post(f"{PAGE}/eid/retirer")

    trail = Entry.objects.filter(subject="identity_provider").order_by("at", "id")
    assert [entry.action.removeprefix("identity_provider.") for entry in trail] == [
        "added",
        "changed",
        "suspended",
        "removed",
    ]
    assert trail[1].details["secret_changed"] is True
    assert "tr3s secret" not in str([entry.details for entry in trail])


def test_an_empty_secret_keeps_the_one_that_is_there(owner: HostClient) -> None:
    an_app("https://identite.example")

    owner.post(f"{PAGE}/eid", {**SAID, "secret": ""})

    assert sources.secret_of(SocialApp.objects.get()) == "a secret"


def test_a_provider_without_a_client_is_not_offered(owner: HostClient, client: HostClient) -> None:
    owner.post(f"{PAGE}/ajouter/other", {**SAID, "client_id": ""})
    app = SocialApp.objects.get()

    owner.post(f"{PAGE}/{app.provider_id}/service", {"to": "on"})

    assert sources.in_service() == []
    assert "Portail des parents" not in client.get("/connexion").content.decode()


def test_the_issuer_that_accounts_are_linked_to_does_not_move(owner: HostClient) -> None:
    an_app("https://identite.example")
    SocialAccount.objects.create(user=a_user(), provider="eid", uid="somebody")

    answer = owner.post(f"{PAGE}/eid", {**SAID, "issuer": "https://autre.example"})

    assert "Des comptes sont reliés à l’émetteur actuel" in answer.content.decode()
    assert answer.context["form"].data["name"] == "Portail des parents"
    assert sources.source_of(SocialApp.objects.get()).issuer == "https://identite.example"


def test_removing_says_whom_it_touches_and_keeps_their_accounts(owner: HostClient) -> None:
    an_app("https://identite.example")
    user = a_user()
    SocialAccount.objects.create(user=user, provider="eid", uid="somebody")

    assert "1 compte est relié à ce fournisseur" in owner.get(f"{PAGE}/eid/retirer").content.decode()
    owner.post(f"{PAGE}/eid/retirer")

    assert not SocialApp.objects.exists()
    assert not SocialAccount.objects.exists()
    user.refresh_from_db()
    assert user.is_active


def test_checking_shows_what_the_provider_says_of_itself(owner: HostClient, issuer: str) -> None:
    an_app(issuer)

    page = owner.post(f"{PAGE}/eid/verifier").content.decode()

    assert "Le fournisseur a répondu" in page
    assert f"{issuer}/oauth2/authorize" in page
    assert "openid, profile, email, address, phone" in page


def test_checking_never_asks_inside_our_own_network(owner: HostClient, issuer: str, settings: LazySettings) -> None:
    settings.IDENTITY_PROVIDERS_ON_LOOPBACK = False
    an_app(issuer)

    page = owner.post(f"{PAGE}/eid/verifier").content.decode()

    assert "Le fournisseur n’a pas répondu comme il le doit" in page


def test_outside_development_an_issuer_is_encrypted(owner: HostClient, settings: LazySettings) -> None:
    settings.IDENTITY_PROVIDERS_ON_LOOPBACK = False

    answer = owner.post(f"{PAGE}/ajouter/other", {**SAID, "issuer": "http://identite.example"})

    assert answer.context["form"].errors == {"issuer": ["L’adresse doit commencer par https://."]}


def test_the_rule_of_passwords_is_written(owner: HostClient) -> None:
    an_app("https://identite.example")

    owner.post(PAGE, {"passwords": "other_way"})

    assert Profile.objects.get().rules["passwords"] == "other_way"
    assert owner.post(PAGE, {"passwords": "whatever"}).status_code == 200


def test_what_does_not_exist_is_not_found(owner: HostClient, organisation_b: Organisation) -> None:
    with in_organisation(organisation_b):
        an_app("https://identite.example", provider_id="of-b")

    for address in (f"{PAGE}/ajouter/nothing", f"{PAGE}/of-b", f"{PAGE}/of-b/retirer"):
        assert owner.get(address).status_code == 404
