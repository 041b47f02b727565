"""How often one may ask, and that the answers tell nobody which addresses have an account."""

import re
import time

import pytest
from django.conf import LazySettings
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponse
from django.test import RequestFactory

from shared_apps.accounts import limits
from shared_apps.outbox.models import Message
from tenant_apps.families.models import Guardian
from tests.accounts.members import EMAIL, PASSWORD, a_member, the_code
from tests.clients import HostClient
from tests.factories.catalog import an_option
from tests.factories.orders import an_order
from tests.factories.organisation import an_organisation_profile

UNKNOWN = "nobody@example.org"


def without_marks(page: str, *words: str) -> str:
    """The page without what differs between any two: the token of the form, and what the visitor wrote."""
    page = re.sub(r'name="(csrfmiddlewaretoken|robot[\w-]*|proof[\w-]*)" value="[^"]*"', "", page)
    page = re.sub(r'data-(challenge|robot|proof)[\w-]*="[^"]*"', "", page)
    for word in words:
        page = page.replace(word, "…")
    return page


@pytest.mark.parametrize("address", ["/connexion/code", "/compte/mot-de-passe/oublie"])
def test_a_code_is_promised_alike_whether_the_address_has_an_account_or_not(client: HostClient, address: str) -> None:
    a_member()
    pages = []
    for email in (EMAIL, UNKNOWN):
        visitor = HostClient("a.localhost")
        pages.append(without_marks(visitor.post(address, {"email": email}, follow=True).content.decode(), email))

    assert pages[0] == pages[1]
    # Both are written to: the one a code, the other that there is no account.
    assert {message.recipient for message in Message.objects.all()} == {EMAIL, UNKNOWN}


@pytest.mark.parametrize(
    ("ask", "confirm"),
    [("/connexion/code", "/connexion/code/confirmer"), ("/compte/mot-de-passe/oublie", "/compte/mot-de-passe/code")],
)
def test_a_wrong_code_is_refused_alike(client: HostClient, ask: str, confirm: str) -> None:
    a_member()
    pages = []
    for email in (EMAIL, UNKNOWN):
        visitor = HostClient("a.localhost")
        visitor.post(ask, {"email": email})
        pages.append(without_marks(visitor.post(confirm, {"code": "XXXX-XXXX"}).content.decode(), email))

    assert pages[0] == pages[1]
    assert "Ce code n’est pas le bon." in pages[0]


def test_a_wrong_password_and_an_unknown_address_take_as_long(client: HostClient, settings: LazySettings) -> None:
    """With hashes that cost what they cost in service: an answer without one would be told by a clock."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    a_member()
    spent = {}
    for email in (EMAIL, UNKNOWN):
        visitor = HostClient("a.localhost")
        begun = time.process_time()
        visitor.post("/connexion", {"login": email, "password": "autre chose"})
        spent[email] = time.process_time() - begun

    assert 0.4 < spent[EMAIL] / spent[UNKNOWN] < 2.5
    # Neither is answered without the work: a hash alone costs more than the page.
    assert min(spent.values()) > 0.05


@pytest.mark.parametrize(("address", "times"), [("/connexion/code", 3), ("/compte/mot-de-passe/oublie", 3)])
def test_codes_for_one_address_are_sent_so_often_and_no_more(client: HostClient, address: str, times: int) -> None:
    a_member()

    answers = [HostClient("a.localhost").post(address, {"email": EMAIL}).status_code for _ in range(times + 1)]

    assert answers[:-1] == [302] * times
    assert answers[-1] != 302
    assert Message.objects.count() == times


def test_signing_up_is_counted_by_the_network_widely_enough_for_a_school(client: HostClient) -> None:
    answers = [
        HostClient("a.localhost")
        .post("/inscription", {"email": f"x{number}@example.org", "password1": PASSWORD, "password2": PASSWORD})
        .status_code
        for number in range(61)
    ]

    assert answers == [302] * 60 + [429]


def test_a_code_of_signing_up_bears_three_tries(client: HostClient) -> None:
    client.post("/inscription", {"email": EMAIL, "password1": PASSWORD, "password2": PASSWORD})
    code = the_code()
    for _ in range(3):
        client.post("/compte/confirmer", {"code": "XXXX-XXXX"})

    client.post("/compte/confirmer", {"code": code})

    assert "_auth_user_id" not in client.session


@pytest.fixture
def guest(client: HostClient) -> HostClient:
    an_organisation_profile()
    return client


def test_a_guest_sends_so_many_forms_in_a_minute_and_another_visit_at_the_same_address_goes_on(
    guest: HostClient, settings: LazySettings
) -> None:
    settings.GUEST_LIMITS = {"form": "2/m/key,600/h/ip", "payment": "2/m/key,600/h/ip"}
    for visit in (guest, HostClient("a.localhost")):
        session = visit.session
        session["guest_guardian"] = ""
        session.save()

        assert [visit.post("/commande").status_code for _ in range(3)] == [200, 200, 429]
        assert visit.get("/commande").status_code == 200


def test_many_visits_of_one_address_are_counted_together_in_the_end(guest: HostClient, settings: LazySettings) -> None:
    settings.GUEST_LIMITS = {"form": "30/m/key,2/h/ip", "payment": "30/m/key,2/h/ip"}

    assert [HostClient("a.localhost").post("/commande").status_code for _ in range(3)] == [200, 200, 429]


def test_who_has_an_account_is_not_counted_as_a_guest(guest: HostClient, settings: LazySettings) -> None:
    settings.GUEST_LIMITS = {"form": "1/m/key", "payment": "1/m/key"}
    guest.force_login(a_member())

    assert [guest.post("/commande").status_code for _ in range(3)] == [200, 200, 200]


def test_an_account_begins_so_many_payments_and_the_next_family_behind_the_same_address_goes_on(
    guest: HostClient, settings: LazySettings
) -> None:
    """A signed-in visitor may not try cards without end, and a whole school comes from one address."""
    settings.FAMILY_LIMITS = {"payment": "2/m/key"}
    settings.GUEST_LIMITS = {"payment": "1/h/ip"}
    for number in range(4):
        client = HostClient("a.localhost")
        client.force_login(a_member(f"parent-{number}@example.org"))

        assert [client.post("/commande").status_code for _ in range(3)] == [200, 200, 429]
        assert client.get("/commande").status_code == 200


@pytest.mark.parametrize("path", ["payer", "carte"])
def test_whoever_holds_the_address_of_an_order_is_counted_by_that_order(
    guest: HostClient, settings: LazySettings, path: str
) -> None:
    """Visits that open it from a letter have no session yet: all of a network would be one."""
    settings.FAMILY_LIMITS = {"payment": "2/m/key"}
    settings.GUEST_LIMITS = {"payment": "1/h/key,1/h/ip"}
    for number in range(4):
        order = an_order(an_option(price=4500))
        Guardian.objects.update(user=None)
        answers = [HostClient("a.localhost").post(f"/compte/{order.token}/{path}").status_code for _ in range(3)]

        assert answers == [303, 303, 429], number
        assert HostClient("a.localhost").get(f"/compte/{order.token}").status_code == 200


def test_who_serves_at_the_counter_is_not_counted(
    guest: HostClient, settings: LazySettings, rf: RequestFactory
) -> None:
    settings.FAMILY_LIMITS = {"payment": "1/h/key"}
    view = limits.limited("payment")(lambda _request: HttpResponse())
    request = rf.post("/commande")
    request.user, request.session = a_member(), SessionStore()  # type: ignore[assignment]

    assert [view(request).status_code for _ in range(2)] == [200, 429]
    request.represented = object()  # type: ignore[attr-defined]
    assert view(request).status_code == 200
