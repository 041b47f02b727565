"""Passkeys in a real browser with a device of its own: added, used to sign in, worth nothing elsewhere."""

import re
from collections.abc import Iterator

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from shared_apps.accounts.models import User
from shared_apps.accounts.sessions import SessionStore
from tenants.context import in_organisation, in_registry
from tenants.models import Organisation
from tests.axe import violations
from tests.factories.organisation import a_staff_member, a_user, an_organisation_profile

EMAIL = "marie@example.org"
PASSWORD = "une phrase de passe"

pytestmark = pytest.mark.django_db(transaction=True)


def opened(slug: str) -> Organisation:
    with in_registry():
        return Organisation.objects.get(slug=slug)


def a_member(email: str = EMAIL) -> User:
    user = a_user(email, password=PASSWORD)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A telephone that knows its owner's finger."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="fr-CA")
    context.set_default_timeout(15_000)
    yield with_device(context)
    context.close()


def with_device(context: BrowserContext) -> Page:
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": device})
    return page


@pytest.fixture
def site(live_server: LiveServer) -> str:
    """The address of organisation A."""
    with in_organisation(opened("a")):
        an_organisation_profile()
        a_member()
    with in_organisation(opened("b")):
        an_organisation_profile()
        a_member()
    return live_server.url.replace("localhost", "a.localhost")


def sign_in(page: Page, site: str, email: str = EMAIL, then: str = "/compte/securite") -> None:
    page.goto(f"{site}/connexion?next={then}")
    page.get_by_label("Courriel").fill(email)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.wait_for_url(re.compile(re.escape(then)))


def add_passkey(page: Page, site: str, name: str = "Mon téléphone") -> None:
    page.goto(f"{site}/compte/securite/cles/ajouter")
    page.get_by_label("Nom de la clé").fill(name)
    page.get_by_role("button", name="Ajouter une clé d’accès").click()
    expect(page.get_by_role("heading", name="Codes de secours")).to_be_visible()


def sign_out(page: Page, site: str) -> None:
    page.goto(f"{site}/deconnexion")
    page.get_by_role("main").get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url(f"{site}/")


def test_a_passkey_is_added_named_and_opens_the_account_by_itself(site: str, phone: Page) -> None:
    sign_in(phone, site)
    add_passkey(phone, site)
    sign_out(phone, site)

    phone.goto(f"{site}/connexion?next=/compte/securite")
    assert violations(phone) == []
    phone.get_by_role("button", name="Utiliser une clé d’accès").click()

    phone.wait_for_url(f"{site}/compte/securite")
    expect(phone.get_by_text("Mon téléphone")).to_be_visible()
    with in_organisation(opened("a")):
        assert Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN).last_used_at is not None


def test_it_is_the_second_factor_after_the_password(site: str, phone: Page) -> None:
    sign_in(phone, site)
    add_passkey(phone, site)
    sign_out(phone, site)

    phone.goto(f"{site}/connexion?next=/compte/securite")
    phone.get_by_label("Courriel").fill(EMAIL)
    phone.get_by_label("Mot de passe").fill(PASSWORD)
    phone.get_by_role("button", name="Se connecter", exact=True).click()
    phone.wait_for_url(f"{site}/connexion/second-facteur")
    assert violations(phone) == []
    phone.get_by_role("button", name="Utiliser ma clé d’accès").click()

    phone.wait_for_url(f"{site}/compte/securite")


def test_it_is_renamed_and_taken_away(site: str, phone: Page) -> None:
    sign_in(phone, site)
    add_passkey(phone, site)

    phone.goto(f"{site}/compte/securite/cles")
    assert violations(phone) == []
    phone.get_by_role("link", name="Renommer Mon téléphone").click()
    phone.get_by_label("Nom de la clé").fill("Le vieux")
    phone.get_by_role("button", name="Enregistrer le nom").click()
    phone.get_by_role("link", name="Retirer Le vieux").click()
    phone.get_by_role("button", name="Retirer").click()

    expect(phone.get_by_text("Votre compte n’a pas encore de clé d’accès.")).to_be_visible()
    with in_organisation(opened("a")):
        assert not Authenticator.objects.exists()


def test_the_passkey_of_one_organisation_is_nothing_in_another(site: str, phone: Page) -> None:
    sign_in(phone, site)
    add_passkey(phone, site)
    elsewhere = site.replace("a.localhost", "b.localhost")

    phone.goto(f"{elsewhere}/connexion")
    phone.get_by_role("button", name="Utiliser une clé d’accès").click()

    expect(phone.get_by_text("Votre clé d’accès n’a pas pu servir.")).to_be_visible()
    phone.goto(f"{elsewhere}/compte/securite")
    phone.wait_for_url(f"{elsewhere}/connexion?next=/compte/securite")


def test_staff_choose_a_passkey_and_go_on_to_their_work(site: str, phone: Page) -> None:
    with in_organisation(opened("a")):
        user = a_staff_member().user
        user.set_password(PASSWORD)
        user.save()
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)

    sign_in(phone, site, user.email, then="/compte/securite/second-facteur?next=/gestion/")
    assert violations(phone) == []
    phone.get_by_role("link", name="Ajouter une clé d’accès").click()
    expect(phone.get_by_role("button", name="Ajouter une clé d’accès")).to_be_visible()
    assert violations(phone) == []
    phone.get_by_role("button", name="Ajouter une clé d’accès").click()
    phone.get_by_role("link", name="Continuer").click()

    phone.wait_for_url(f"{site}/gestion/")


def test_without_javascript_the_page_says_so_and_offers_another_way(site: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, site)

    page.goto(f"{site}/compte/securite/cles/ajouter")

    expect(page.get_by_text("JavaScript y est arrêté")).to_be_visible()
    expect(page.get_by_role("button", name="Ajouter une clé d’accès")).to_have_count(0)
    context.close()


def test_it_confirms_who_one_is_before_what_matters(site: str, phone: Page) -> None:
    sign_in(phone, site)
    add_passkey(phone, site)
    with in_organisation(opened("a")):
        long_ago(phone)

    phone.goto(f"{site}/compte/courriel")
    phone.wait_for_url(f"{site}/compte/verification?next=/compte/courriel")
    assert violations(phone) == []
    phone.get_by_role("link", name="Utiliser ma clé d’accès").click()
    phone.get_by_role("button", name="Utiliser ma clé d’accès").click()

    phone.wait_for_url(f"{site}/compte/courriel")


def long_ago(page: Page) -> None:
    """The session of this browser has shown nothing since another day."""
    key = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "session")
    session = SessionStore(key)
    session["confirmed_at"] = 0.0
    session.save()
