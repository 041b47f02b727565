"""The user code (S2-02): given to everyone, taken at the door where the organisation's rules say so."""

import re

import pytest
from django.core.exceptions import ValidationError

from shared_apps.accounts import codes
from shared_apps.accounts.models import User
from shared_apps.outbox.models import Message
from tenant_apps.organisation.models import Profile
from tests.accounts.members import EMAIL, PASSWORD, a_member, is_signed_in, sign_in, the_code
from tests.clients import HostClient
from tests.factories.organisation import an_organisation_profile

pytestmark = pytest.mark.line("S2-02")
MISMATCH = "Cet identifiant et ce mot de passe ne vont pas ensemble."


@pytest.fixture
def city(client: HostClient) -> Profile:
    return an_organisation_profile(rules={"sign_in_with_code": True})


def test_everyone_is_given_a_code_of_eight_characters_that_can_be_read_aloud(client: HostClient) -> None:
    given = [a_member(f"person{number}@example.org").code for number in range(20)]

    assert len(set(given)) == 20
    assert all(re.fullmatch("[23456789ABCDEFGHJKMNPQRSTUVWXYZ]{8}", code) for code in given)


def test_a_code_stays_when_the_account_changes(client: HostClient) -> None:
    user = a_member()
    code = user.code
    user.first_name = "Marie"
    user.save()

    assert User.objects.get().code == code


def test_the_page_of_connection_takes_either(city: Profile, client: HostClient) -> None:
    page = client.get("/connexion").content.decode()

    assert "Courriel ou code d’utilisateur" in page
    assert 'type="email"' not in page.split("</form>")[0]


@pytest.mark.parametrize("written", ["{0}-{1}", "{0}{1}", " {0} {1} "])
def test_a_code_opens_the_account_however_it_is_written(city: Profile, client: HostClient, written: str) -> None:
    code = a_member().code

    sign_in(client, written.format(code[:4], code[4:]).lower())

    assert is_signed_in(client)


def test_the_address_opens_it_still(city: Profile, client: HostClient) -> None:
    a_member()

    sign_in(client, EMAIL)

    assert is_signed_in(client)


def test_a_wrong_password_and_an_unknown_code_or_address_are_told_alike(city: Profile, client: HostClient) -> None:
    code = a_member().code
    pages = set()
    for login, password in (
        (code, "autre chose"),
        ("2222-2222", PASSWORD),
        (EMAIL, "autre chose"),
        ("nobody@example.org", PASSWORD),
        ("ce n’est rien", PASSWORD),
    ):
        page = sign_in(client, login, password).content.decode()
        pages.add(re.sub(r'(csrfmiddlewaretoken" value=)"\w+"', r"\1", page).replace(f'value="{login}"', "…"))

    assert len(pages) == 1
    assert MISMATCH in pages.pop()


def test_tries_with_the_code_and_with_the_address_are_counted_together(city: Profile, client: HostClient) -> None:
    code = a_member().code
    for login in (code, EMAIL, code, EMAIL, code):
        sign_in(client, login, "autre chose")

    page = sign_in(client, EMAIL).content.decode()

    assert "Trop d’essais sans succès." in page
    assert not is_signed_in(client)


def test_a_code_opens_nothing_where_the_rules_do_not_take_codes(client: HostClient) -> None:
    an_organisation_profile()
    code = a_member().code

    page = sign_in(client, code).content.decode()

    assert "Courriel ou code d’utilisateur" not in page
    assert not is_signed_in(client)


def test_the_welcome_mail_and_the_page_of_security_say_the_code(city: Profile, client: HostClient) -> None:
    client.post("/inscription", {"email": EMAIL, "password1": PASSWORD, "password2": PASSWORD})
    client.post("/compte/confirmer", {"code": the_code()})
    shown = codes.shown(User.objects.get().code)

    welcome = Message.objects.latest("created_at", "id")

    assert welcome.subject == "Organisation A – Votre compte est ouvert"
    assert f"Votre code d’utilisateur\u202f: {shown}." in welcome.text
    assert shown in client.get("/compte/securite").content.decode()


def test_where_codes_are_not_taken_nobody_is_told_of_them(client: HostClient) -> None:
    an_organisation_profile()
    client.post("/inscription", {"email": EMAIL, "password1": PASSWORD, "password2": PASSWORD})
    client.post("/compte/confirmer", {"code": the_code()})

    assert "code d’utilisateur" not in Message.objects.latest("created_at", "id").text
    assert "Code d’utilisateur" not in client.get("/compte/securite").content.decode()


def test_two_accounts_never_share_a_code(client: HostClient) -> None:
    code = a_member().code

    with pytest.raises(ValidationError):
        User(email="other@example.org", code=code, password="x").full_clean()
