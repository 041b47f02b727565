"""What is kept for everybody: fresh after any change, one's own for whoever is known, and never another's."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kernel import clock
from tenant_apps.catalog.models import Offering, Option
from tenant_apps.organisation.models import Establishment, Profile
from tenant_apps.registrations.models import Places
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child
from tests.factories.organisation import a_level, an_establishment
from tests.portal.people import Parent, words

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


@pytest.mark.parametrize("address", ["/", "/activites"])
def test_a_kept_page_costs_the_same_few_queries(client: HostClient, address: str) -> None:
    an_option(offering=an_offering())
    client.get(address)

    with CaptureQueriesContext(connection) as captured:
        client.get(address)

    assert len(captured) == 4


@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/activites?page=1&nature=outing", "kept"),
        ("/activites?nature=outing&keywords=&page=1&from=", "kept"),
        ("/activites?nature=outing&page=1&x=1", "made"),
        ("/activites?nature=outing&page=1&page=1", "made"),
        ("/activites?nature=outing&page=1&keywords=zoo", "made"),
        ("/activites?nature=outing&page=1&from=2026-01-01", "made"),
        ("/?nature=outing", "made"),
    ],
)
def test_only_addresses_of_what_the_page_reads_are_kept(client: HostClient, address: str, queries: str) -> None:
    an_option(offering=an_offering())
    client.get("/activites?nature=outing&page=1")
    client.get("/")
    client.get(address)

    with CaptureQueriesContext(connection) as captured:
        client.get(address)

    assert ("kept" if len(captured) == 4 else "made") == queries


def test_every_change_is_seen_at_once(client: HostClient) -> None:
    offering = an_offering("Avant", establishments=[an_establishment("École A")])
    option = an_option(offering=offering, places=3)
    assert "3 places restantes" in words(client.get("/activites"))

    Places.objects.filter(option_id=option.id).update(taken=1)
    assert "2 places restantes" in words(client.get("/activites"))
    Offering.objects.update(title="Après")
    assert "Après" in words(client.get("/activites"))
    Option.objects.update(price_cents=1234)
    assert "12,34 $" in words(client.get("/activites"))
    Establishment.objects.update(name="École B")
    assert "École B" in words(client.get("/activites"))
    Profile.objects.update(name="Un autre nom")
    assert "Un autre nom" in words(client.get("/activites"))
    Offering.objects.update(publishes_at=clock.now() + timedelta(days=1))
    assert "Aucune activité trouvée" in words(client.get("/activites"))


def test_each_visitor_has_their_own_token_and_it_serves() -> None:
    first, second = (HostClient("a.localhost", enforce_csrf_checks=True) for _ in range(2))
    tokens = [_TOKEN.findall(each.get("/activites").content.decode())[0] for each in (first, second)]
    said = {"language": "en", "next": "/activites"}

    assert tokens[0] != tokens[1]
    assert second.post(reverse("set_language"), {**said, "csrfmiddlewaretoken": tokens[1]}).status_code == 302
    assert HostClient("a.localhost", enforce_csrf_checks=True).post(reverse("set_language"), said).status_code == 403


def test_each_language_has_its_own_page(client: HostClient) -> None:
    an_offering("Sortie", translations={"en": {"title": "Outing"}})
    assert "Sortie" in words(client.get("/activites"))

    client.cookies["django_language"] = "en"

    assert "Outing" in words(client.get("/activites"))


def test_what_a_family_is_shown_is_kept_for_nobody(parent: Parent) -> None:
    child = a_child("Zéphyrine", of=parent.guardian, level=a_level("2e année"))
    an_option(offering=an_offering())
    own = parent.client.get(f"/activites?enfant={child.id}")
    assert "Zéphyrine" in words(own)

    anybody = HostClient("a.localhost").get(f"/activites?enfant={child.id}")

    assert "Zéphyrine" not in words(anybody)
    assert "no-store" in own["Cache-Control"]


def test_a_child_of_another_family_narrows_nothing(parent: Parent) -> None:
    stranger = a_child("Zéphyrine", level=a_level("2e année"))
    an_option(offering=an_offering("Pour les grands", levels=[a_level("6e année")]))

    page = words(parent.client.get(f"/activites?enfant={stranger.id}"))

    assert "Pour les grands" in page
    assert "Zéphyrine" not in page
