"""How long an account stays open, and where (S1-05)."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shared_apps.accounts import sessions
from shared_apps.accounts.models import Remembered
from shared_apps.accounts.tasks import sweep
from shared_apps.accounts.user_agents import words
from tests.accounts.members import EMAIL, PASSWORD, MovedClock, a_member, is_signed_in, sign_in, the_code
from tests.accounts.test_second_factor import code_of
from tests.clients import HostClient

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile Safari/604.1"
FOURTEEN_DAYS = 14 * 24 * 3600


def visit_and_write(client: HostClient) -> None:
    """A visit that saves the session, as Django's own reckoning would begin the fourteen days anew."""
    session = client.session
    session["visited"] = session.get("visited", 0) + 1
    session.save()
    client.get("/compte/securite")


@pytest.mark.line("S1-05")
def test_staying_connected_ends_after_fourteen_days_whatever_was_done_meanwhile(
    client: HostClient, time_passes: MovedClock
) -> None:
    a_member()
    sign_in(client, remember="on")
    assert client.cookies["session"]["max-age"] == FOURTEEN_DAYS

    for _ in range(13):
        time_passes.advance(days=1)
        visit_and_write(client)
    time_passes.advance(hours=23, minutes=59)
    assert is_signed_in(client)

    time_passes.advance(minutes=2)
    assert not is_signed_in(client)


@pytest.mark.line("S1-05")
def test_the_browser_is_told_what_is_left_of_the_fourteen_days(client: HostClient, time_passes: MovedClock) -> None:
    a_member()
    sign_in(client, remember="on")
    time_passes.advance(days=4)

    client.get("/compte/securite/second-facteur?next=/panier")  # writes in the session

    assert client.cookies["session"]["max-age"] == FOURTEEN_DAYS - 4 * 24 * 3600


@pytest.mark.line("S1-05")
def test_without_the_box_the_browser_forgets_and_the_server_too_after_twelve_hours(
    client: HostClient, time_passes: MovedClock
) -> None:
    a_member()
    sign_in(client)
    assert client.cookies["session"]["max-age"] == ""

    time_passes.advance(hours=11, minutes=59)
    visit_and_write(client)
    assert is_signed_in(client)

    time_passes.advance(minutes=2)
    assert not is_signed_in(client)


def test_with_djangos_own_sessions_the_fourteen_days_would_begin_anew(
    client: HostClient, time_passes: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "_ENDS", "somewhere_else")
    a_member()
    sign_in(client, remember="on")
    session = client.session
    del session["somewhere_else"]
    session.save()
    time_passes.advance(days=15)

    assert is_signed_in(client)


def test_the_box_is_kept_through_the_second_factor(client: HostClient) -> None:
    secret = "PREAUDEMONSTRATIONSECRETPLATFORM"
    TOTP.activate(a_member(), secret)

    assert sign_in(client, remember="on").url == "/connexion/second-facteur"
    client.post("/connexion/second-facteur", {"code": code_of(secret)})

    assert is_signed_in(client)
    assert client.cookies["session"]["max-age"] == FOURTEEN_DAYS


@pytest.mark.parametrize(("box", "age"), [({"remember": "on"}, FOURTEEN_DAYS), ({}, "")])
def test_a_code_by_mail_stays_as_long_as_was_asked(client: HostClient, box: dict[str, str], age: object) -> None:
    a_member()

    client.post("/connexion/code", {"email": EMAIL, **box})
    client.post("/connexion/code/confirmer", {"code": the_code()})

    assert client.cookies["session"]["max-age"] == age


def two_browsers() -> tuple[HostClient, HostClient]:
    a_member()
    at_home = HostClient("a.localhost", headers={"User-Agent": FIREFOX})
    on_the_way = HostClient("a.localhost", headers={"User-Agent": IPHONE})
    sign_in(on_the_way)
    sign_in(at_home)
    return at_home, on_the_way


@pytest.mark.usefixtures("organisation_a")
def test_the_devices_are_named_and_this_one_comes_first() -> None:
    _, on_the_way = two_browsers()

    page = on_the_way.get("/compte/appareils")

    assert [name for _, name in page.context["devices"]] == ["Safari, iPhone", "Firefox, Linux"]
    assert page.content.decode().count("Cet appareil") == 1
    assert page.content.decode().count("Lieu inconnu") == 2
    assert re.search(r"Ouvert le \d+\S* \S+ \d{4} à \d+\u00a0h", page.content.decode())


@pytest.mark.usefixtures("organisation_a")
def test_one_device_is_closed_from_another() -> None:
    at_home, on_the_way = two_browsers()
    lost = UserSession.objects.get(user_agent=IPHONE)

    assert at_home.post(f"/compte/appareils/{lost.pk}/fermer").url == "/compte/appareils"

    assert (is_signed_in(at_home), is_signed_in(on_the_way)) == (True, False)


@pytest.mark.usefixtures("organisation_a")
def test_closing_this_one_is_signing_out() -> None:
    at_home, on_the_way = two_browsers()
    own = UserSession.objects.get(user_agent=FIREFOX)

    assert at_home.post(f"/compte/appareils/{own.pk}/fermer").url == "/connexion"

    assert (is_signed_in(at_home), is_signed_in(on_the_way)) == (False, True)


@pytest.mark.usefixtures("organisation_a")
def test_all_the_others_are_closed_at_once() -> None:
    at_home, on_the_way = two_browsers()

    at_home.post("/compte/appareils")

    assert (is_signed_in(at_home), is_signed_in(on_the_way)) == (True, False)


def test_nobody_closes_the_session_of_another(client: HostClient) -> None:
    two_browsers()
    client.force_login(a_member("norah@example.org"))
    theirs = UserSession.objects.get(user_agent=IPHONE)

    assert client.post(f"/compte/appareils/{theirs.pk}/fermer").status_code == 404
    assert UserSession.objects.count() == 2


@pytest.mark.usefixtures("organisation_a")
def test_a_new_password_closes_the_other_devices() -> None:
    at_home, on_the_way = two_browsers()

    new = {"oldpassword": PASSWORD, "password1": "une phrase nouvelle", "password2": "une phrase nouvelle"}
    at_home.post("/compte/mot-de-passe", new)

    assert (is_signed_in(at_home), is_signed_in(on_the_way)) == (True, False)
    assert [name for _, name in at_home.get("/compte/appareils").context["devices"]] == ["Firefox, Linux"]


@pytest.mark.usefixtures("organisation_a")
def test_an_account_that_is_closed_is_open_nowhere() -> None:
    at_home, on_the_way = two_browsers()
    user = a_member("norah@example.org")
    at_home.force_login(user)

    user.is_active = False
    user.save()

    assert (is_signed_in(at_home), is_signed_in(on_the_way)) == (False, True)


@pytest.mark.usefixtures("organisation_a")
def test_the_list_asks_as_many_questions_for_three_devices_as_for_one() -> None:
    a_member()
    browser = HostClient("a.localhost")
    sign_in(browser)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            browser.get("/compte/appareils")
        return len([query for query in queries if "set_config" not in query["sql"]])

    browser.get("/compte/appareils")
    one = count()
    for _ in range(2):
        sign_in(HostClient("a.localhost"))

    assert count() == one
    assert len(browser.get("/compte/appareils").context["devices"]) == 3


def test_a_device_is_seen_to_the_quarter_of_an_hour(client: HostClient, time_passes: MovedClock) -> None:
    a_member()
    sign_in(client)
    first = UserSession.objects.get().last_seen_at

    time_passes.advance(minutes=14)
    client.get("/compte/securite")
    assert UserSession.objects.get().last_seen_at == first

    time_passes.advance(minutes=2)
    client.get("/compte/securite")
    assert round((UserSession.objects.get().last_seen_at - first).total_seconds() / 60) == 16


@pytest.mark.usefixtures("organisation_a")
@pytest.mark.parametrize(
    ("user_agent", "said"),
    [
        (FIREFOX, "Firefox, Linux"),
        (IPHONE, "Safari, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/129.0 Safari/537.36 Edg/129.0", "Edge, Windows"),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/129.0 Mobile Safari/537.36", "Chrome, Android"),
        ("curl/8.5", "Navigateur inconnu"),
        ("", "Navigateur inconnu"),
    ],
)
def test_a_browser_is_said_in_two_words(user_agent: str, said: str) -> None:
    assert words(user_agent) == said


def test_what_is_out_of_date_is_swept(client: HostClient) -> None:
    a_member()
    sign_in(client)
    sign_in(HostClient("a.localhost"))
    past, future = timezone.now() - timedelta(seconds=1), timezone.now() + timedelta(hours=1)
    Session.objects.exclude(session_key=client.session.session_key).update(expire_date=past)
    Remembered.objects.create(key="old", value="1", expires_at=past)
    Remembered.objects.create(key="new", value="1", expires_at=future)

    sweep()

    assert [row.key for row in Remembered.objects.all()] == ["new"]
    assert [row.session_key for row in Session.objects.all()] == [client.session.session_key]
    assert [row.session_key for row in UserSession.objects.all()] == [client.session.session_key]
