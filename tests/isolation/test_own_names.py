"""An organisation on a name of its own: which hosts are answered, where links lead, and what browsers are told."""

import re

import pytest
from pytest_django import Settings

from shared_apps.outbox.models import Message
from tenants import links
from tenants.context import in_registry
from tenants.models import Domain, DomainState, Organisation
from tests.clients import HostClient
from tests.factories.organisation import a_user, an_organisation_profile

NAME = "activites.ville.example"
ORIGIN = f"http://{NAME}:8000"
RESET = "/compte/mot-de-passe/oublie"

ANSWERED = [NAME, NAME.upper(), f"{NAME}:8000", f"{NAME}:1", f"{NAME}:65535"]
MOVED = [
    "a.localhost",
    "A.LOCALHOST:8000",
    "a.localhost.",
    f"{NAME}.",
    f"{NAME}.:443",
    "second.ville.example",
    "broken.ville.example",
]
UNKNOWN = [
    "claimed.ville.example",
    "ville.example",
    f"x.{NAME}",
    f"{NAME}.example.org",
    f"{NAME}..",
    f".{NAME}",
    f"{NAME}@example.org",
    f"example.org@{NAME}",
    f"example.org#{NAME}",
    f"{NAME}/example.org",
    f"{NAME}?x",
    f"{NAME}\\example.org",
    f"{NAME},b.localhost",
    f"{NAME} b.localhost",
    f"{NAME}:port",
    f"{NAME}:80:80",
    f"{NAME}%00",
    f"{NAME}%2e",
    f"{NAME}\t",
    f"http://{NAME}",
    "activites-ville.example",
    "activites.ville.exampl",
    "activites。ville。example",
    "xn--activites-ville.example",
    "c.localhost",
    "a.b.localhost",
    "127.0.0.1",
    "127.0.0.1:8000",
    "0x7f000001",
    "2130706433",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "*",
    "",
    "x" * 300,
]  # fmt: skip


@pytest.fixture
def on_its_own_name(organisation_a: Organisation) -> Organisation:
    with in_registry():
        Domain.objects.filter(tenant=organisation_a).update(is_primary=False)
        for name, state in (
            (NAME, DomainState.VERIFIED),
            ("second.ville.example", DomainState.VERIFIED),
            ("broken.ville.example", DomainState.BROKEN),
            ("claimed.ville.example", DomainState.PENDING),
        ):
            Domain.objects.create(tenant=organisation_a, domain=name, is_own=True, state=state, is_primary=name == NAME)
    an_organisation_profile()
    return organisation_a


@pytest.mark.parametrize("host", MOVED)
def test_its_other_names_lead_to_the_primary_one(host: str, on_its_own_name: Organisation) -> None:
    answer = HostClient("a.localhost").get("/activites?etablissement=dome", headers={"host": host})

    assert (answer.status_code, answer["Location"]) == (308, f"{ORIGIN}/activites?etablissement=dome")
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("host", UNKNOWN)
def test_no_other_host_is_answered(host: str, on_its_own_name: Organisation) -> None:
    assert HostClient("a.localhost").get("/activites", headers={"host": host}).status_code == 404


@pytest.mark.line("S1-01", "S1-02")
@pytest.mark.parametrize("host", ANSWERED)
def test_the_list_of_activities_is_on_its_own_name(host: str, on_its_own_name: Organisation) -> None:
    for path in ("/activites", "/activites?etablissement=dome", "/etablissements/dome"):
        answer = HostClient(NAME).get(path, headers={"host": host})
        assert (path, answer.status_code) in [("/activites", 200), ("/activites?etablissement=dome", 200), (path, 404)]


def test_whatever_the_host_links_in_mails_are_on_the_primary_name(on_its_own_name: Organisation) -> None:
    a_user("parent@example.org", password="correct horse battery")
    for host in [*ANSWERED, *MOVED, *UNKNOWN]:
        headers = {"host": host, "x-forwarded-host": "attaquant.example", "forwarded": "host=attaquant.example"}
        HostClient(NAME).post(RESET, {"email": "parent@example.org"}, headers=headers)

    written = "".join(text + html for text, html in Message.objects.values_list("text", "html"))
    assert written
    assert "attaquant" not in written
    origins = set(re.findall(r"https?://[^/\s\"<]+", written + links.absolute("/")))
    assert origins - {"http://www.w3.org"} == {ORIGIN}


@pytest.mark.line("S3-41")
def test_browsers_are_told_to_come_in_safety_and_nothing_of_what_lies_below(
    on_its_own_name: Organisation, settings: Settings
) -> None:
    """A city's own name may hold sites that are none of ours; the platform's holds ours alone."""
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 31_536_000, True
    told = {
        host: HostClient(host).get("/connexion", secure=True).headers.get("Strict-Transport-Security")
        for host in (NAME, "b.localhost")
    }

    assert told == {NAME: "max-age=31536000", "b.localhost": "max-age=31536000; includeSubDomains"}


def test_sessions_stay_on_the_name_that_began_them(on_its_own_name: Organisation) -> None:
    browser = HostClient(NAME)
    browser.force_login(a_user("parent@example.org"))
    browser.get("/connexion")

    assert set(browser.cookies) >= {"session"}
    assert [name for name, cookie in browser.cookies.items() if cookie["domain"]] == []
