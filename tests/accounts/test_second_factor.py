"""The second factor: compulsory on the platform's own host, kept encrypted, one's own in each organisation."""

from collections.abc import Iterator

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from cryptography.fernet import InvalidToken

from shared_apps.accounts import secrets
from shared_apps.accounts.models import User
from tenants.context import in_organisation, in_registry
from tenants.models import Organisation
from tests.clients import HostClient
from tests.factories.organisation import a_user

PASSWORD = "une phrase de passe"


@pytest.fixture
def operations(db: None) -> Iterator[Organisation]:
    with in_registry():
        own = Organisation.objects.get(slug="ops")
    with in_organisation(own):
        yield own


@pytest.fixture
def console(operations: Organisation) -> HostClient:
    return HostClient("localhost")


def an_operator() -> User:
    user = a_user("op@example.org", password=PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def sign_in(client: HostClient) -> str:
    answer = client.post("/connexion", {"login": "op@example.org", "password": PASSWORD})
    return str(answer.url)


def activate(client: HostClient) -> str:
    """Set up the application, and return its key."""
    key = str(client.get("/compte/securite/application").context["form"].secret)
    answer = client.post("/compte/securite/application", {"code": code_of(key)})
    assert answer.url == "/compte/securite/codes"
    return key


def code_of(key: str) -> str:
    return str(format_hotp_value(hotp_value(key, next(iter(yield_hotp_counters_from_time())))))


def test_an_operator_without_a_second_factor_must_set_one_up_first(console: HostClient) -> None:
    an_operator()

    assert sign_in(console) == "/console"
    assert console.get("/console").url == "/compte/securite/second-facteur?next=/console"

    activate(console)
    assert console.get("/console").status_code == 200


def test_the_next_sign_in_asks_for_the_code(console: HostClient) -> None:
    an_operator()
    sign_in(console)
    key = activate(console)
    console.post("/deconnexion")

    assert sign_in(console) == "/connexion/second-facteur"
    assert console.get("/console").url == "/connexion?next=/console"
    assert "Ce code n’est pas le bon." in console.post("/connexion/second-facteur", {"code": "abc"}).content.decode()

    assert console.post("/connexion/second-facteur", {"code": code_of(key)}).url == "/console"
    assert console.get("/console").status_code == 200


def test_a_session_from_before_the_second_factor_does_not_profit_from_it(console: HostClient) -> None:
    an_operator()
    stolen = HostClient("localhost")
    sign_in(stolen)
    sign_in(console)

    activate(console)

    assert stolen.get("/console").url == "/compte/verification/code?next=/console"


def test_an_operator_cannot_take_the_second_factor_away(console: HostClient) -> None:
    an_operator()
    sign_in(console)
    activate(console)

    answer = console.post("/compte/securite/application/retirer")

    assert "Le second facteur est obligatoire pour votre compte." in answer.content.decode()
    assert Authenticator.objects.filter(type=Authenticator.Type.TOTP).count() == 1


def test_the_recovery_codes_are_shown_once_the_application_is_active(console: HostClient) -> None:
    an_operator()
    sign_in(console)
    activate(console)

    page = console.get("/compte/securite/codes")

    assert len(page.context["unused_codes"]) == 10
    assert page.context["unused_codes"][0] in page.content.decode()


def test_the_key_is_not_in_clear_in_the_database(console: HostClient) -> None:
    an_operator()
    sign_in(console)
    key = activate(console)

    kept = Authenticator.objects.get(type=Authenticator.Type.TOTP).data["secret"]

    assert key not in kept
    assert secrets.decrypt(kept, purpose="second-factor") == key


def test_what_one_organisation_encrypts_another_cannot_read(
    organisation_a: Organisation, organisation_b: Organisation
) -> None:
    kept = secrets.encrypt("secret", purpose="second-factor")

    with in_organisation(organisation_b), pytest.raises(InvalidToken):
        secrets.decrypt(kept, purpose="second-factor")


def test_nobody_signs_up_on_the_platform_s_own_host(console: HostClient) -> None:
    answer = console.post("/inscription", {"email": "x@example.org", "password1": PASSWORD, "password2": PASSWORD})

    assert "les comptes sont ouverts par l’équipe de la plateforme" in answer.content.decode()
    assert not User.objects.exists()
    assert "Inscrivez-vous" not in console.get("/connexion").content.decode()
