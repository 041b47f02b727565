"""Signing in with the identity of a provider, as a browser lives it (S3-01, S4-02 to S4-07)."""

from collections.abc import Iterator
from datetime import date

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount

from shared_apps.accounts.models import User
from shared_apps.audit.models import Entry
from shared_apps.outbox.models import Message
from shared_apps.vault import sealing
from tenant_apps.families.models import Guardian
from tenants.context import in_organisation
from tenants.models import Organisation
from tests.accounts.openid import a_provider_of_identities, address_of, an_app, asked_of_provider, go_and_come_back
from tests.accounts.test_second_factor import SECRET, code_of
from tests.accounts.test_sign_in import PASSWORD, a_member, the_code
from tests.clients import HostClient
from tests.factories.organisation import a_staff_member, an_organisation_profile

ADDRESS = {"email": "ada@example.org", "phone": "0470 12 34 56"}


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with a_provider_of_identities() as issuer:
        yield issuer


def registered(client: HostClient) -> User:
    """Ada, who has come with her card, registered and confirmed her address."""
    go_and_come_back(client, "ada")
    client.post("/connexion/enregistrement", ADDRESS)
    client.post("/compte/confirmer", {"code": the_code()})
    return User.objects.get(email="ada@example.org")


@pytest.mark.line("S4-02", "S3-01")
def test_the_page_of_connection_offers_the_providers_above_the_form(client: HostClient, issuer: str) -> None:
    an_app(issuer)

    page = client.get("/connexion?next=/panier").content.decode()

    assert page.index("Se connecter avec eID ou itsme") < page.index("Mot de passe")
    assert 'href="/connexion/avec/eid?next=%2Fpanier"' in page


@pytest.mark.line("S3-02")
def test_a_board_tells_the_three_cases_at_its_door(client: HostClient, issuer: str) -> None:
    an_app(issuer)
    assert "Quel est votre cas" not in client.get("/connexion").content.decode()

    an_app(issuer, preset="board", provider_id="board")
    page = client.get("/connexion").content.decode()

    for case in (
        "et vous avez un compte au portail",
        "et vous n’avez pas de compte au portail",
        "n’est encore dans aucune de nos écoles",
    ):
        assert case in page


def test_what_is_asked_of_the_provider_can_be_used_once_and_by_us_only(client: HostClient, issuer: str) -> None:
    an_app(issuer)

    asked = asked_of_provider(client.get("/connexion/avec/eid?scope=admin&auth_params=prompt%3Dnone&process=connect"))

    assert asked["redirect_uri"] == "http://a.localhost/connexion/avec/eid/retour"
    assert asked["code_challenge_method"] == "S256"
    assert set(asked["scope"].split()) == {"openid", "profile", "email"}
    assert len(asked["nonce"]) > 20
    assert "prompt" not in asked


@pytest.mark.line("S4-03", "S4-05", "S4-06")
def test_who_comes_for_the_first_time_sees_their_identity_and_is_asked_only_what_is_missing(
    client: HostClient, issuer: str
) -> None:
    an_app(issuer)

    answer = go_and_come_back(client, "ada")
    page = client.get(answer.url).content.decode()

    assert answer.url == "/connexion/enregistrement"
    assert "ne peut pas être modifié ici" in page
    for words in ("S’enregistrer en tant que parent", "Lovelace", "Ada", "30 juillet 1985"):
        assert words in page
    assert 'name="last_name"' not in page
    assert not User.objects.exists()


@pytest.mark.line("S4-05", "S4-07")
def test_registering_confirms_the_address_writes_the_identity_and_sends_the_letter(
    client: HostClient, issuer: str
) -> None:
    an_app(issuer)

    user = registered(client)

    guardian = Guardian.objects.get(user=user)
    assert (guardian.last_name, guardian.first_name, guardian.birth_date) == ("Lovelace", "Ada", date(1985, 7, 30))
    assert (guardian.email, guardian.phone) == ("ada@example.org", "0470 12 34 56")
    assert guardian.locked_fields == ["birth_date", "first_name", "last_name"]
    assert client.session["_auth_user_id"] == str(user.pk)
    letter = Message.objects.get(subject="Organisation A – Votre enregistrement est effectué")
    assert letter.recipient == "ada@example.org"
    for words in (
        "utilisez toujours cette adresse\u202f: ada@example.org",
        "http://a.localhost/",
        "Bien cordialement,",
    ):
        assert words in letter.text
    # Nothing of the card stays with the account of the provider.
    assert SocialAccount.objects.get().extra_data == {}


def test_the_address_that_the_provider_vouches_for_needs_no_code(client: HostClient, issuer: str) -> None:
    an_app(issuer, preset="board", provider_id="board")

    go_and_come_back(client, "marie", provider_id="board")
    client.post("/connexion/enregistrement", {"email": "another@example.org"})

    user = User.objects.get()
    assert user.email == "marie@example.org"
    assert client.session["_auth_user_id"] == str(user.pk)
    assert Message.objects.get().subject == "Organisation A – Votre enregistrement est effectué"


def test_who_is_known_is_signed_in_at_once_and_their_identity_is_brought_up_to_date(
    client: HostClient, issuer: str
) -> None:
    an_app(issuer)
    user = registered(client)
    Guardian.objects.filter(user=user).update(last_name="Byron", phone="1")
    client.post("/deconnexion")

    answer = go_and_come_back(client, "ada")

    assert answer.url == "/"
    assert client.session["_auth_user_id"] == str(user.pk)
    guardian = Guardian.objects.get()
    assert (guardian.last_name, guardian.phone) == ("Lovelace", "1")
    assert Entry.objects.filter(action="guardian.identified").count() == 2


def test_the_national_number_is_not_kept_without_a_written_reason(client: HostClient, issuer: str) -> None:
    an_organisation_profile(rules={"national_number": {"asked": True, "reason": "  "}})
    an_app(issuer)

    registered(client)

    guardian = Guardian.objects.get()
    assert (guardian.national_number_hash, guardian.sealed) == ("", None)


def test_the_national_number_that_may_be_asked_is_kept_sealed_and_never_shown(client: HostClient, issuer: str) -> None:
    an_organisation_profile(rules={"national_number": {"asked": True, "reason": "Attestations fiscales (281.86)"}})
    an_app(issuer)

    page = client.get(go_and_come_back(client, "ada").url).content.decode()
    assert "85073003328" not in page
    client.post("/connexion/enregistrement", ADDRESS)

    guardian = Guardian.objects.get()
    opened = sealing.unseal(guardian.sealed, place="families.Guardian.sealed", row_id=guardian.id)
    assert opened == {"national_number": "85073003328"}
    assert guardian.national_number_hash == sealing.keyed_hash("85073003328", purpose="national_number")


def test_one_identity_is_one_account_whatever_the_provider(client: HostClient, issuer: str) -> None:
    an_organisation_profile(rules={"national_number": {"asked": True, "reason": "Attestations fiscales (281.86)"}})
    an_app(issuer)
    an_app(issuer, provider_id="second")
    registered(client)
    other = HostClient("a.localhost")

    go_and_come_back(other, "ada", provider_id="second")
    answer = other.post("/connexion/enregistrement", {"email": "other@example.org"})

    assert "Cette identité est déjà celle d’un autre compte d’ici." in answer.content.decode()
    assert answer.context["form"].data["email"] == "other@example.org"
    assert User.objects.count() == SocialAccount.objects.count() == 1


def test_an_account_with_the_same_address_is_joined_by_its_password_and_by_nothing_less(
    client: HostClient, issuer: str
) -> None:
    an_app(issuer, preset="board", provider_id="board")
    user = a_member()

    page = client.get(go_and_come_back(client, "marie", provider_id="board").url, follow=True)
    assert page.redirect_chain == [("/connexion/relier", 302)]
    assert "Un compte existe déjà avec votre courriel." in page.content.decode()
    refused = client.post("/connexion/relier", {"login": "marie@example.org", "password": "autre chose"})
    assert "Ce courriel et ce mot de passe ne vont pas ensemble." in refused.content.decode()
    assert not SocialAccount.objects.exists()

    client.post("/connexion/relier", {"login": "marie@example.org", "password": PASSWORD}, follow=True)

    assert client.session["_auth_user_id"] == str(user.pk)
    assert SocialAccount.objects.get().user == user
    assert Guardian.objects.get(user=user).last_name == "Lapointe"


def test_an_account_with_a_second_factor_is_joined_once_it_is_shown(client: HostClient, issuer: str) -> None:
    an_app(issuer)
    user = a_member()
    TOTP.activate(user, SECRET)
    go_and_come_back(client, "ada")

    client.post("/connexion/relier", {"login": "marie@example.org", "password": PASSWORD}, follow=True)
    assert not SocialAccount.objects.exists()
    assert not Guardian.objects.filter(last_name="Lovelace").exists()

    client.post("/connexion/second-facteur", {"code": code_of(SECRET)}, follow=True)
    assert SocialAccount.objects.get().user == user
    assert Guardian.objects.get(user=user).last_name == "Lovelace"


def test_an_account_whose_address_nobody_proved_is_not_joined(client: HostClient, issuer: str) -> None:
    an_app(issuer)
    a_member()
    EmailAddress.objects.update(verified=False)
    go_and_come_back(client, "ada")

    client.post("/connexion/relier", {"login": "marie@example.org", "password": PASSWORD}, follow=True)

    assert not SocialAccount.objects.exists()
    assert not Guardian.objects.filter(last_name="Lovelace").exists()


def test_an_account_that_has_a_provider_is_not_claimed_by_another(client: HostClient, issuer: str) -> None:
    an_app(issuer)
    an_app(issuer, preset="board", provider_id="board")
    user = a_member()
    SocialAccount.objects.create(user=user, provider="eid", uid="somebody")

    go_and_come_back(client, "marie", provider_id="board")
    answer = client.post("/connexion/relier", {"login": "marie@example.org", "password": PASSWORD})

    assert "Ce compte est déjà relié à une autre identité." in answer.content.decode()
    assert SocialAccount.objects.count() == 1


def test_an_answer_meant_for_another_organisation_is_refused(
    client: HostClient, organisation_b: Organisation, issuer: str
) -> None:
    an_app(issuer)
    with in_organisation(organisation_b):
        an_app(issuer)
    other = HostClient("b.localhost")
    away = other.get("/connexion/avec/eid")
    back = requests.post(away.url, data={"sub": "ada"}, allow_redirects=False, timeout=5).headers["Location"]

    answer = client.get(address_of(back))

    assert answer.status_code == 401
    assert "La connexion n’a pas abouti" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_an_answer_serves_once(client: HostClient, issuer: str) -> None:
    an_app(issuer)
    away = client.get("/connexion/avec/eid")
    back = requests.post(away.url, data={"sub": "ada"}, allow_redirects=False, timeout=5).headers["Location"]

    assert client.get(address_of(back)).status_code == 302
    assert client.get(address_of(back)).status_code == 401


def test_an_answer_to_another_question_is_refused(client: HostClient, issuer: str) -> None:
    """The code of somebody else's sign-in, with the state of one's own: the nonce tells them apart."""
    an_app(issuer, scopes=("openid", "profile"))
    stolen = requests.post(
        HostClient("a.localhost").get("/connexion/avec/eid").url.replace("code_challenge", "x_challenge"),
        data={"sub": "marie"},
        allow_redirects=False,
        timeout=5,
    ).headers["Location"]
    code = asked_of_provider(type("Answer", (), {"url": stolen}))["code"]
    state = asked_of_provider(client.get("/connexion/avec/eid"))["state"]

    answer = client.get(f"/connexion/avec/eid/retour?code={code}&state={state}")

    assert answer.status_code == 401


def test_who_gives_up_at_the_provider_is_told_that_nothing_changed(client: HostClient, issuer: str) -> None:
    an_app(issuer)
    state = asked_of_provider(client.get("/connexion/avec/eid"))["state"]

    page = client.get(f"/connexion/avec/eid/retour?error=access_denied&state={state}", follow=True)

    assert page.redirect_chain[-1] == ("/connexion", 302)
    assert "rien n’a changé" in page.content.decode()


def test_a_provider_that_does_not_answer_is_no_failure_of_ours(client: HostClient) -> None:
    an_app("http://localhost:1")

    answer = client.get("/connexion/avec/eid")

    assert answer.status_code == 401
    assert "La connexion n’a pas abouti" in answer.content.decode()


@pytest.mark.parametrize("address", ["/connexion/avec/unknown", "/connexion/avec/unknown/retour?code=1&state=2"])
def test_a_provider_that_is_not_there_is_not_found(client: HostClient, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/connexion/enregistrement", "/connexion/relier"])
def test_registering_begins_at_the_provider(client: HostClient, address: str) -> None:
    assert client.get(address).url == "/connexion"
    assert client.post(address, {"email": "x@example.org"}).url == "/connexion"


@pytest.mark.line("S4-47")
def test_another_way_stays_behind_a_link_where_the_organisation_prefers_its_providers(
    client: HostClient, issuer: str
) -> None:
    an_organisation_profile(rules={"passwords": "other_way"})
    an_app(issuer)
    a_member()

    page = client.get("/connexion").content.decode()
    assert "Me connecter autrement" in page
    assert 'type="password"' not in page
    assert 'type="password"' in client.get("/connexion?autrement=1").content.decode()

    client.post("/connexion", {"login": "marie@example.org", "password": PASSWORD})
    assert "_auth_user_id" in client.session


def test_where_families_have_no_password_only_staff_come_in_with_one(client: HostClient, issuer: str) -> None:
    an_organisation_profile(rules={"passwords": "never"})
    an_app(issuer)
    a_member()
    member = a_staff_member()
    member.user.set_password(PASSWORD)
    member.user.save()
    EmailAddress.objects.create(user=member.user, email=member.user.email, verified=True, primary=True)

    said = {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/inscription", said)
    assert not User.objects.filter(email="new@example.org").exists()
    client.post("/connexion", {"login": "marie@example.org", "password": PASSWORD})
    assert "_auth_user_id" not in client.session
    client.post("/connexion", {"login": member.user.email, "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(member.user.pk)
    assert registered(HostClient("a.localhost")).email == "ada@example.org"
