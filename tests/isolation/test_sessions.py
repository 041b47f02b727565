"""A session opened at one organisation is worth nothing at another, even at its perfect twin."""

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils.crypto import salted_hmac

from kernel import ids
from shared_apps.accounts.models import User
from tenants.context import in_organisation
from tenants.models import Organisation
from tests.clients import HostClient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_site")]

EMAIL = "ada@example.org"


@pytest.fixture
def cookie_of_a(organisation_a: Organisation, organisation_b: Organisation) -> str:
    """Ada signed in at A. At B lives a user with the same key, address and password hash."""
    ada = User.objects.create_user(EMAIL, "correct horse battery", id=ids.uuid7())
    with in_organisation(organisation_b):
        User.objects.create(id=ada.id, email=EMAIL, password=ada.password)
    browser = HostClient("a.localhost")
    browser.force_login(ada)
    assert browser.get("/who").content.decode() == EMAIL
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


def who(host: str, cookie: str) -> str:
    browser = HostClient(host)
    browser.cookies[settings.SESSION_COOKIE_NAME] = cookie
    return str(browser.get("/who").content.decode())


def copy_session(source: Organisation, target: Organisation) -> None:
    session = Session.objects.get()
    with in_organisation(target):
        Session.objects.create(
            session_key=session.session_key, session_data=session.session_data, expire_date=session.expire_date
        )


def test_the_cookie_of_one_is_anonymous_at_the_other(cookie_of_a: str) -> None:
    assert who("a.localhost", cookie_of_a) == EMAIL
    assert who("b.localhost", cookie_of_a) == "nobody"


def test_even_where_the_other_holds_the_same_session(
    cookie_of_a: str, organisation_a: Organisation, organisation_b: Organisation
) -> None:
    copy_session(organisation_a, organisation_b)

    assert who("b.localhost", cookie_of_a) == "nobody"


def test_without_the_organisation_in_the_session_hash_it_would_be_let_in(
    monkeypatch: pytest.MonkeyPatch, organisation_a: Organisation, organisation_b: Organisation
) -> None:
    def without_organisation(self: User, secret: str | None) -> str:
        return salted_hmac("preau.session", self.password, secret=secret, algorithm="sha256").hexdigest()

    monkeypatch.setattr(User, "_session_hash", without_organisation)
    ada = User.objects.create_user(EMAIL, "correct horse battery")
    with in_organisation(organisation_b):
        User.objects.create(id=ada.id, email=EMAIL, password=ada.password)
    browser = HostClient("a.localhost")
    browser.force_login(ada)
    copy_session(organisation_a, organisation_b)

    assert who("b.localhost", browser.cookies[settings.SESSION_COOKIE_NAME].value) == EMAIL


def test_cookies_belong_to_one_host(cookie_of_a: str) -> None:
    browser = HostClient("a.localhost")
    browser.force_login(User.objects.get())

    assert browser.cookies[settings.SESSION_COOKIE_NAME]["domain"] is None
