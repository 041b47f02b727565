"""Before money, health, data and security: who has been away is asked again, and loses nothing by it."""

import json

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from pytest_django import Settings

from shared_apps.accounts.models import User
from shared_apps.outbox.models import Message
from tests.accounts.members import EMAIL, PASSWORD, MovedClock, a_member, sign_in, the_code
from tests.accounts.test_second_factor import code_of
from tests.clients import HostClient

SECRET = "PREAUDEMONSTRATIONSECRETPLATFORM"
MONEY = "/commande"
SECURITY = "/compte/courriel"
NEW = {"action_add": "1", "email": "nouvelle@example.org"}


@pytest.fixture
def marie(client: HostClient) -> User:
    """Signed in a moment ago, for fourteen days."""
    user = a_member()
    sign_in(client, remember="on")
    return user


def asked(client: HostClient, page: str) -> str:
    """Where the page leads: nowhere for who is not asked."""
    return str(getattr(client.get(page), "url", ""))


@pytest.mark.parametrize(("page", "minutes"), [(MONEY, 60), (SECURITY, 15)])
def test_who_was_there_a_moment_ago_is_not_asked_and_who_was_away_is(
    client: HostClient, marie: User, time_passes: MovedClock, page: str, minutes: int
) -> None:
    time_passes.advance(minutes=minutes - 1)
    assert asked(client, page) == ""

    time_passes.advance(minutes=1)
    assert asked(client, page) == f"/compte/verification?next={page}"


def test_who_stayed_since_another_day_is_asked_once_for_all_that_follows(
    client: HostClient, marie: User, time_passes: MovedClock
) -> None:
    time_passes.advance(days=3)
    assert asked(client, MONEY) == f"/compte/verification?next={MONEY}"

    answer = client.post("/compte/verification", {"password": PASSWORD, "next": MONEY})

    assert answer.url == MONEY
    assert (asked(client, MONEY), asked(client, SECURITY)) == ("", "")


def test_a_wrong_password_confirms_nothing(client: HostClient, marie: User, time_passes: MovedClock) -> None:
    time_passes.advance(days=3)

    page = client.post("/compte/verification", {"password": "autre chose", "next": MONEY})

    assert "Ce mot de passe n’est pas le bon." in page.content.decode()
    assert asked(client, MONEY) != ""


def test_a_guest_is_never_asked(client: HostClient, time_passes: MovedClock) -> None:
    client.get("/")
    time_passes.advance(days=3)

    assert client.get(MONEY).status_code == 200


def test_a_form_that_comes_too_late_is_sent_again_by_itself(
    client: HostClient, marie: User, time_passes: MovedClock
) -> None:
    time_passes.advance(minutes=20)

    first = client.post(SECURITY, NEW)
    assert first.url.startswith("/compte/verification?next=/compte/courriel%3Freprise%3D")
    assert not Message.objects.filter(recipient=NEW["email"]).exists()
    then = client.get(first.url).context["redirect_field_value"]
    back = client.post("/compte/verification", {"password": PASSWORD, "next": then})
    last = client.get(back.url)

    assert last.url == "/compte/confirmer"
    assert Message.objects.filter(recipient=NEW["email"]).count() == 1
    # It was sent again once.
    assert client.get(back.url).status_code == 200
    assert Message.objects.filter(recipient=NEW["email"]).count() == 1


def test_what_is_held_cannot_be_read_in_the_session_and_opens_with_its_mark_only(
    client: HostClient, marie: User, time_passes: MovedClock
) -> None:
    time_passes.advance(minutes=20)
    client.post(SECURITY, NEW)
    assert NEW["email"] not in json.dumps(dict(client.session))

    client.post("/compte/verification", {"password": PASSWORD})
    for address in (SECURITY, f"{SECURITY}?reprise=guess", f"{SECURITY}?reprise=é"):
        assert client.get(address).status_code == 200

    assert not Message.objects.filter(recipient=NEW["email"]).exists()


def test_a_piece_of_a_page_sends_the_whole_browser(client: HostClient, marie: User, time_passes: MovedClock) -> None:
    time_passes.advance(days=3)

    answer = client.get(MONEY, headers={"HX-Request": "true", "HX-Current-URL": "http://a.localhost/commande?x=1"})

    assert answer.headers["HX-Redirect"] == "/compte/verification?next=/commande%3Fx%3D1"


def test_the_code_of_the_application_confirms_too(client: HostClient, marie: User, time_passes: MovedClock) -> None:
    TOTP.activate(marie, SECRET)
    time_passes.advance(days=3)
    page = client.get("/compte/verification?next=/commande").content.decode()
    assert "Utiliser mon application ou un code de secours" in page
    # It would be a second factor less.
    assert "Recevoir un code par courriel" not in page

    answer = client.post("/compte/verification/code", {"code": code_of(SECRET), "next": MONEY})

    assert answer.url == MONEY
    assert asked(client, MONEY) == ""


@pytest.fixture
def nora(client: HostClient) -> User:
    """She came with an identity of elsewhere: no password, no second factor; and was away for days."""
    user = a_member("nora@example.org", password=None)
    client.force_login(user)
    session = client.session
    session["confirmed_at"] = 0.0
    session.save()
    return user


def test_who_has_no_password_confirms_by_a_code_that_is_sent(client: HostClient, nora: User) -> None:
    address = client.get(asked(client, MONEY)).url
    assert address == "/compte/verification/courriel?next=%2Fcommande"
    assert not Message.objects.exists()

    client.post("/compte/verification/courriel", {"action": "send", "next": MONEY})
    message = Message.objects.get()
    assert (message.recipient, message.subject) == (nora.email, "Organisation A – Votre code de vérification")
    answer = client.post("/compte/verification/courriel", {"code": the_code(), "next": MONEY})

    assert answer.url == MONEY
    assert asked(client, MONEY) == ""


def test_the_code_that_is_sent_bears_three_tries_and_ten_minutes(
    client: HostClient, nora: User, time_passes: MovedClock
) -> None:
    page = "/compte/verification/courriel"
    client.post(page, {"action": "send"})
    for _ in range(3):
        assert "Ce code n’est pas le bon." in client.post(page, {"code": "XXXX-XXXX"}).content.decode()
    assert client.post(page, {"code": the_code()}).url == page
    assert asked(client, MONEY) != ""

    client.post(page, {"action": "send"})
    time_passes.advance(minutes=10)
    assert client.post(page, {"code": the_code()}).url == page
    assert asked(client, MONEY) != ""


def test_a_code_serves_once(client: HostClient, nora: User, time_passes: MovedClock) -> None:
    page = "/compte/verification/courriel"
    client.post(page, {"action": "send"})
    code = the_code()
    client.post(page, {"code": code})
    time_passes.advance(hours=2)

    assert client.post(page, {"code": code}).url == page
    assert asked(client, MONEY) != ""


def test_nobody_is_sent_elsewhere_after_confirming(client: HostClient, marie: User) -> None:
    answer = client.post("/compte/verification", {"password": PASSWORD, "next": "https://evil.example/"})

    assert answer.url == "/"


def test_tries_of_confirming_are_counted(client: HostClient, marie: User, time_passes: MovedClock) -> None:
    time_passes.advance(days=1)
    for _ in range(10):
        client.post("/compte/verification", {"password": "autre chose"})

    assert client.post("/compte/verification", {"password": PASSWORD}).status_code == 429


def test_the_limits_are_a_setting(client: HostClient, marie: User, settings: Settings) -> None:
    limits = {name: limit * 0 for name, limit in settings.CONFIRMED_WITHIN.items()}
    settings.CONFIRMED_WITHIN = limits

    assert asked(client, MONEY) != ""
    assert EmailAddress.objects.get().email == EMAIL
