"""Signing up, in and out, as a browser at an organisation's host lives it (S1-03 to S1-12)."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.conf import LazySettings
from django.contrib.auth.hashers import MD5PasswordHasher

from shared_apps.accounts.models import User
from shared_apps.outbox.models import Message
from tenants.context import in_organisation
from tenants.models import Organisation
from tests.clients import HostClient
from tests.factories.organisation import a_staff_member, a_user

PASSWORD = "une phrase de passe"


def a_member(email: str = "marie@example.org") -> User:
    """Somebody whose address is confirmed."""
    user = a_user(email, password=PASSWORD)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def sign_in(client: HostClient, email: str = "marie@example.org", **more: str) -> object:
    return client.post("/connexion", {"login": email, "password": PASSWORD, **more})


def the_code() -> str:
    """The code in the last mail of the outbox."""
    text = Message.objects.latest("created_at", "id").text
    found = re.search(r"^[A-Z0-9-]{4,}$", text, re.MULTILINE)
    assert found, text
    return found[0]


@pytest.mark.line("S1-04")
def test_the_page_of_connection_says_what_it_must(client: HostClient) -> None:
    page = client.get("/connexion").content.decode()

    for words in (
        "Accueil",
        "Courriel",
        "Mot de passe",
        "Restez connecté pour 14 jours",
        "Se connecter",
        "Mot de passe oublié",
        "Pas un membre\u202f? Inscrivez-vous\u202f!",
        "Recevoir un code par courriel",
    ):
        assert words in page


@pytest.mark.line("S1-05")
def test_staying_connected_lasts_fourteen_days_and_else_the_browser_forgets(client: HostClient) -> None:
    a_member()

    sign_in(client, remember="on")
    assert client.cookies["session"]["max-age"] == 14 * 24 * 3600

    client.post("/deconnexion")
    sign_in(client)
    assert client.cookies["session"]["max-age"] == ""


def test_a_wrong_password_is_refused_with_words(client: HostClient) -> None:
    a_member()

    answer = client.post("/connexion", {"login": "marie@example.org", "password": "autre chose"})

    assert answer.status_code == 200
    assert "Ce courriel et ce mot de passe ne vont pas ensemble." in answer.content.decode()


@pytest.mark.line("S1-06", "S1-07")
def test_passwords_that_differ_are_told_at_the_field(client: HostClient) -> None:
    answer = client.post(
        "/inscription", {"email": "ada@example.org", "password1": PASSWORD, "password2": "une autre phrase"}
    )

    assert answer.context["form"].errors == {"password2": ["Les deux mots de passe ne sont pas pareils."]}
    assert "Vos détails" in answer.content.decode()
    assert not User.objects.filter(email="ada@example.org").exists()


@pytest.mark.line("S1-08")
def test_signing_up_is_finished_by_the_code_that_was_sent_and_goes_back_to_where_one_was(client: HostClient) -> None:
    answer = client.post(
        "/inscription",
        {
            "email": "Ada@example.org",
            "password1": PASSWORD,
            "password2": PASSWORD,
            "next": "/activites/zoo/inscription",
        },
    )
    assert answer.url.startswith("/compte/confirmer")
    message = Message.objects.get()
    assert (message.recipient, message.language) == ("ada@example.org", "fr")
    assert message.subject == "Organisation A – Votre code de confirmation"
    assert message.html.count(the_code()) == 1
    assert "Organisation A" in message.html
    # Not before the code.
    assert "_auth_user_id" not in client.session

    answer = client.post("/compte/confirmer", {"code": the_code()})

    assert answer.url == "/activites/zoo/inscription"
    assert client.session["_auth_user_id"] == str(User.objects.get(email="ada@example.org").pk)


def test_a_wrong_code_confirms_nothing(client: HostClient) -> None:
    client.post("/inscription", {"email": "ada@example.org", "password1": PASSWORD, "password2": PASSWORD})

    answer = client.post("/compte/confirmer", {"code": "XXXX-XXXX"})

    assert "Ce code n’est pas le bon." in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_signing_up_twice_tells_the_owner_of_the_address_and_not_the_visitor(client: HostClient) -> None:
    a_member()

    answer = client.post("/inscription", {"email": "marie@example.org", "password1": PASSWORD, "password2": PASSWORD})

    assert answer.url.startswith("/compte/confirmer")
    assert Message.objects.get().subject == "Organisation A – Vous avez déjà un compte"


class CountingHasher(MD5PasswordHasher):
    """The tests' own quick hasher, that remembers how often it was asked for."""

    used = 0

    def encode(self, password: str, salt: str) -> str:
        CountingHasher.used += 1
        return super().encode(password, salt)


def test_signing_up_answers_alike_whether_the_address_has_an_account_or_not(
    client: HostClient, settings: LazySettings
) -> None:
    a_member()
    settings.PASSWORD_HASHERS = ["tests.accounts.test_sign_in.CountingHasher"]
    pages, hashes = [], []

    for email in ("marie@example.org", "norah@example.org"):
        before = CountingHasher.used
        visitor = HostClient("a.localhost")
        said = {"email": email, "password1": PASSWORD, "password2": PASSWORD, "next": "/panier"}
        page = visitor.post("/inscription", said, follow=True).content.decode()
        pages.append(re.sub(r'(csrfmiddlewaretoken" value=)"\w+"', r"\1", page).replace(email, "…"))
        hashes.append(CountingHasher.used - before)

    assert pages[0] == pages[1]
    assert "Changer d’adresse" in pages[0]
    assert hashes[0] == hashes[1] > 0


def test_a_mistyped_address_is_written_again_and_what_was_begun_is_kept(client: HostClient) -> None:
    session = client.session
    session["kept"] = "yes"
    session.save()
    client.post("/inscription", {"email": "ada@exemple.org", "password1": PASSWORD, "password2": PASSWORD})

    answer = client.get("/inscription?autre-adresse=1")

    assert "Vos détails" in answer.content.decode()
    assert client.session["kept"] == "yes"


def test_who_has_signed_up_begins_at_their_own_page(client: HostClient) -> None:
    client.post("/inscription", {"email": "ada@example.org", "password1": PASSWORD, "password2": PASSWORD})

    assert client.post("/compte/confirmer", {"code": the_code()}).url == "/mon-dossier"


@pytest.mark.parametrize("key", ["\000aaaaaaaa", '"\\000aaaa"', "é" * 32, "A" * 32, "a" * 33, "' OR 1=1 --"])
def test_a_cookie_that_is_no_session_key_is_no_session(client: HostClient, key: str) -> None:
    client.cookies["session"] = key

    assert client.get("/connexion").status_code == 200


def test_what_is_shown_to_somebody_is_kept_by_no_browser_and_no_proxy(client: HostClient) -> None:
    assert "Cache-Control" not in client.get("/activites").headers

    client.force_login(a_member())

    assert client.get("/activites")["Cache-Control"] == ("max-age=0, no-cache, no-store, must-revalidate, private")
    assert "immutable" in client.get("/marque.css?v=1")["Cache-Control"]


def test_a_code_by_mail_signs_in(client: HostClient) -> None:
    user = a_member()

    assert client.post("/connexion/code", {"email": "marie@example.org"}).url == "/connexion/code/confirmer"
    answer = client.post("/connexion/code/confirmer", {"code": the_code()})

    assert answer.url == "/"
    assert client.session["_auth_user_id"] == str(user.pk)


@pytest.mark.line("S3-12")
def test_a_forgotten_password_is_chosen_again_with_a_code_and_a_mail_says_so(client: HostClient) -> None:
    user = a_member()

    client.post("/compte/mot-de-passe/oublie", {"email": "marie@example.org"})
    client.post("/compte/mot-de-passe/code", {"code": the_code()})
    answer = client.post(
        "/compte/mot-de-passe/nouveau", {"password1": "une phrase nouvelle", "password2": "une phrase nouvelle"}
    )

    assert answer.url == "/compte/mot-de-passe/change"
    user.refresh_from_db()
    assert user.check_password("une phrase nouvelle")
    assert Message.objects.filter(subject="Organisation A – Votre mot de passe a changé").count() == 1


@pytest.mark.line("S1-12")
def test_leaving_needs_a_post_and_closes_the_session(client: HostClient) -> None:
    a_member()
    sign_in(client)

    assert client.get("/deconnexion").status_code == 200
    assert "_auth_user_id" in client.session

    client.post("/deconnexion")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_nobody_is_sent_elsewhere_after_connecting(client: HostClient, elsewhere: str) -> None:
    a_member()

    assert sign_in(client, next=elsewhere).url == "/"  # type: ignore[attr-defined]


def test_staff_arrive_at_their_work(client: HostClient) -> None:
    member = a_staff_member()
    member.user.set_password(PASSWORD)
    member.user.save()
    EmailAddress.objects.create(user=member.user, email=member.user.email, verified=True, primary=True)

    assert sign_in(client, member.user.email).url == "/gestion/"  # type: ignore[attr-defined]


def test_a_session_of_one_organisation_is_nothing_in_another(client: HostClient, organisation_b: Organisation) -> None:
    a_member()
    sign_in(client)
    other = HostClient("b.localhost")
    other.cookies["session"] = client.cookies["session"].value

    assert other.get("/compte/securite").url == "/connexion?next=/compte/securite"


def test_an_account_of_one_organisation_opens_no_door_of_another(
    client: HostClient, organisation_b: Organisation
) -> None:
    a_member()
    other = HostClient("b.localhost")

    assert sign_in(other).status_code == 200  # type: ignore[attr-defined]
    with in_organisation(organisation_b):
        assert not User.objects.exists()


@pytest.mark.line("S1-06", "S1-10")
def test_the_page_of_signing_up_says_what_it_must_and_why_an_account_helps(client: HostClient) -> None:
    page = client.get("/inscription").content.decode()

    for words in (
        "Accueil",
        "Vos détails",
        "Courriel",
        "Mot de passe",
        "Confirmer le mot de passe",
        "S’inscrire",
        "Un compte garde les renseignements de vos enfants",
        "montre le suivi de vos inscriptions et de vos paiements",
    ):
        assert words in page


@pytest.mark.line("S3-11", "S3-18", "S3-09")
def test_who_has_no_account_is_shown_step_by_step_how_to_make_one(client: HostClient) -> None:
    for address in ("/connexion", "/inscription"):
        assert (
            '<a href="/inscription/comment-faire">Comment créer mon compte</a>' in client.get(address).content.decode()
        )

    page = client.get("/inscription/comment-faire").content.decode()

    steps = ["Écrivez votre courriel", "Choisissez un mot de passe", "Recopiez le code reçu", "Ajoutez vos proches"]
    assert [page.index(step) for step in steps] == sorted(page.index(step) for step in steps)
    assert "Chaque parent ou tuteur peut avoir le sien." in page
    assert 'href="/inscription"' in page
