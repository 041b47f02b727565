"""The list of offerings: narrowed, ordered, by pages, in a constant number of questions."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kernel import clock
from tenant_apps.catalog.models import Category, Season, Status
from tenant_apps.office.catalogue import listing
from tenant_apps.organisation.models import Role
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.office.conftest import SignIn
from tests.portal.people import words

pytestmark = pytest.mark.django_db
HERE = "/gestion/activites"


@pytest.fixture
def owner(as_staff: SignIn) -> HostClient:
    return as_staff(Role.OWNER)


def titles(client: HostClient, **query: Any) -> list[str]:
    return [offering.title for offering in client.get(HERE, query).context["offerings"]]


@pytest.fixture
def catalogue() -> dict[str, Any]:
    season = Season.objects.create(name="Été", starts_on=date(2026, 6, 1), ends_on=date(2026, 9, 1))
    camps = Category.objects.create(slug="camps", name="Camps")
    an_offering("Camp Épée", nature="camp", season=season, category=camps, starts_on=date(2026, 7, 1))
    an_offering("Brouillon", status=Status.DRAFT, starts_on=date(2026, 8, 1), deadline_on=date(2026, 7, 1))
    an_offering("Archivée", status=Status.ARCHIVED, starts_on=date(2026, 6, 1))
    an_offering("Prévue", publishes_at=clock.now() + timedelta(days=2), starts_on=date(2026, 9, 1))
    return {"season": season, "category": camps}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["Prévue", "Brouillon", "Camp Épée"]),
        ({"status": "all"}, ["Prévue", "Brouillon", "Camp Épée", "Archivée"]),
        ({"status": "archived"}, ["Archivée"]),
        ({"status": "published"}, ["Camp Épée"]),
        ({"status": "scheduled"}, ["Prévue"]),
        ({"status": "draft"}, ["Brouillon"]),
        ({"q": "epee CAMP"}, ["Camp Épée"]),
        ({"nature": "camp"}, ["Camp Épée"]),
        ({"category": "camps"}, ["Camp Épée"]),
        ({"category": "nonsense"}, ["Prévue", "Brouillon", "Camp Épée"]),
        ({"sort": "title"}, ["Brouillon", "Camp Épée", "Prévue"]),
        ({"sort": "-title"}, ["Prévue", "Camp Épée", "Brouillon"]),
        ({"sort": "nonsense"}, ["Prévue", "Brouillon", "Camp Épée"]),
    ],
)
def test_it_is_narrowed_and_ordered(
    owner: HostClient, catalogue: dict[str, Any], query: dict[str, str], found: list[str]
) -> None:
    assert titles(owner, **query) == found


def test_a_season_is_chosen_by_its_identifier(owner: HostClient, catalogue: dict[str, Any]) -> None:
    assert titles(owner, season=catalogue["season"].pk) == ["Camp Épée"]


def test_what_is_planned_says_when(owner: HostClient, catalogue: dict[str, Any]) -> None:
    assert "Publication prévue" in words(owner.get(HERE, {"status": "scheduled"}))


def test_it_comes_by_pages(owner: HostClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PER_PAGE", 2)
    for number in range(3):
        an_offering(f"Sortie {number}")

    assert titles(owner, sort="title") == ["Sortie 0", "Sortie 1"]
    assert titles(owner, sort="title", page="2") == ["Sortie 2"]
    assert "Toute la liste (3 activités)" in words(owner.get(HERE))


def test_it_asks_as_many_questions_for_three_as_for_one(owner: HostClient) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            owner.get(HERE)
        return len(queries)

    season = Season.objects.create(name="Été", starts_on=date(2026, 6, 1), ends_on=date(2026, 9, 1))
    an_option(offering=an_offering(season=season))
    owner.get(HERE)
    one = count()
    for slug in ("a", "b"):
        an_option(offering=an_offering(season=season, category=Category.objects.create(slug=slug, name=slug)))

    assert count() == one


def test_all_that_the_page_shows_is_ticked_by_a_link_that_keeps_the_filters(
    owner: HostClient, catalogue: dict[str, Any]
) -> None:
    plain = owner.get(HERE, {"nature": "camp"}).content.decode()
    ticked = owner.get(HERE, {"nature": "camp", "tout": "1"}).content.decode()

    assert 'href="?nature=camp&amp;tout=1"' in plain
    assert [len(re.findall(r'name="chosen"[^>]* checked', page)) for page in (plain, ticked)] == [0, 1]
