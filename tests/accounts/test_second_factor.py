"""The second factor: compulsory on the platform's own host, kept encrypted, one's own in each organisation."""

import html
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from cryptography.fernet import InvalidToken

from shared_apps.accounts import secrets
from shared_apps.accounts.models import User
from tenants.context import in_organisation, in_registry
from tenants.models import Organisation
from tests.accounts.members import EMAIL, PASSWORD, a_member, is_signed_in, the_code
from tests.accounts.members import sign_in as sign_in_at
from tests.clients import HostClient
from tests.factories.organisation import a_staff_member, a_user, an_organisation_profile

SECRET = "PREAUDEMONSTRATIONSECRETPLATFORM"


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


def test_who_sets_it_up_on_the_telephone_itself_opens_the_application_by_a_link(console: HostClient) -> None:
    an_operator()
    sign_in(console)

    page = console.get("/compte/securite/application")

    key = page.context["form"].secret
    [link] = re.findall(r'href="(otpauth://[^"]+)"', page.content.decode())
    assert parse_qs(urlsplit(html.unescape(link)).query)["secret"] == [key]


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


@pytest.fixture
def workplace(organisation_a: Organisation) -> HostClient:
    an_organisation_profile()
    return HostClient("a.localhost")


def test_staff_without_a_second_factor_choose_one_and_come_back_to_where_they_were_going(workplace: HostClient) -> None:
    workplace.force_login(a_staff_member().user)

    choice = workplace.get("/gestion/inscriptions?q=ada")
    assert choice.url == "/compte/securite/second-facteur?next=/gestion/inscriptions%3Fq%3Dada"
    page = workplace.get(choice.url).content.decode()
    assert "/compte/securite/cles/ajouter" in page
    assert "/compte/securite/application" in page

    activate(workplace)
    assert workplace.get("/compte/securite/codes").context["continue_url"] == "/gestion/inscriptions?q=ada"
    assert workplace.get("/gestion/inscriptions?q=ada").status_code == 200


def test_staff_who_have_one_show_it_once_in_a_session(workplace: HostClient) -> None:
    member = a_staff_member()
    TOTP.activate(member.user, SECRET)
    workplace.force_login(member.user)

    assert workplace.get("/gestion/").url == "/compte/verification/code?next=/gestion/"
    answer = workplace.post("/compte/verification/code", {"code": code_of(SECRET), "next": "/gestion/"})

    assert answer.url == "/gestion/"
    assert workplace.get("/gestion/").status_code == 200


def test_a_family_needs_none(workplace: HostClient) -> None:
    workplace.force_login(a_user())

    assert workplace.get("/mon-dossier").status_code == 200


def test_nobody_is_sent_elsewhere_after_the_choice(workplace: HostClient) -> None:
    workplace.force_login(a_staff_member().user, second_factor=True)

    answer = workplace.get("/compte/securite/second-facteur?next=https://evil.example/")

    assert answer.url == "/compte/securite"


def test_the_last_second_factor_of_staff_stays_and_one_of_two_goes(workplace: HostClient) -> None:
    user = a_staff_member().user
    workplace.force_login(user, second_factor=True)
    TOTP.activate(user, SECRET)

    workplace.post("/compte/securite/application/retirer")
    assert Authenticator.objects.filter(user=user).count() == 1

    key = Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "Clé"})
    workplace.post("/compte/securite/application/retirer")
    assert [row.pk for row in Authenticator.objects.filter(user=user)] == [key.pk]

    answer = workplace.post(f"/compte/securite/cles/{key.pk}/retirer", follow=True)
    assert "Le second facteur est obligatoire pour votre compte." in answer.content.decode()
    assert [row.pk for row in Authenticator.objects.filter(user=user)] == [key.pk]


def test_nobody_renames_or_removes_the_key_of_another(workplace: HostClient) -> None:
    key = Authenticator.objects.create(user=a_user(), type=Authenticator.Type.WEBAUTHN, data={"name": "Clé"})
    workplace.force_login(a_user())

    for page in (f"/compte/securite/cles/{key.pk}/retirer", f"/compte/securite/cles/{key.pk}/nom"):
        assert (workplace.get(page).status_code, workplace.post(page, {"name": "x"}).status_code) == (404, 404)
    assert Authenticator.objects.get().data == {"name": "Clé"}


def test_a_code_of_the_application_opens_once(workplace: HostClient) -> None:
    TOTP.activate(a_member(), SECRET)
    code = code_of(SECRET)

    sign_in_at(workplace)
    workplace.post("/connexion/second-facteur", {"code": code})
    assert is_signed_in(workplace)

    thief = HostClient("a.localhost")
    sign_in_at(thief)
    thief.post("/connexion/second-facteur", {"code": code})
    assert not is_signed_in(thief)


def test_a_new_password_does_not_go_around_the_second_factor(workplace: HostClient) -> None:
    TOTP.activate(a_member(), SECRET)
    workplace.post("/compte/mot-de-passe/oublie", {"email": EMAIL})
    workplace.post("/compte/mot-de-passe/code", {"code": the_code()})
    new = {"password1": "une phrase nouvelle", "password2": "une phrase nouvelle"}
    workplace.post("/compte/mot-de-passe/nouveau", new)

    assert not is_signed_in(workplace)
    assert sign_in_at(workplace, password="une phrase nouvelle").url == "/connexion/second-facteur"


def test_neither_does_a_code_by_mail(workplace: HostClient) -> None:
    TOTP.activate(a_member(), SECRET)

    workplace.post("/connexion/code", {"email": EMAIL})
    answer = workplace.post("/connexion/code/confirmer", {"code": the_code()})

    assert answer.url == "/connexion/second-facteur"
    assert not is_signed_in(workplace)
