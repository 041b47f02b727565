"""Seasons, categories and copies, in the workplace."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shared_apps.audit.models import Entry
from tenant_apps.catalog.models import Category, Offering, Season
from tenant_apps.office.catalogue.categories import CategoryForm
from tenant_apps.office.catalogue.seasons import SeasonForm
from tenant_apps.office.scope import CHANGES
from tenant_apps.organisation.models import Role
from tests.factories.catalog import an_offering, an_option
from tests.office.conftest import SignIn
from tests.portal.people import words

pytestmark = pytest.mark.django_db
SEASONS, CATEGORIES = "/gestion/catalogue/saisons", "/gestion/catalogue/categories"
NEXT = {"name": "Été 2027", "starts_on": "2027-06-28", "ends_on": "2027-08-20"}


def a_season(name: str = "Été 2026") -> Season:
    return Season.objects.create(name=name, starts_on=date(2026, 6, 29), ends_on=date(2026, 8, 21))


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("path", [SEASONS, f"{SEASONS}/nouvelle", CATEGORIES, f"{CATEGORIES}/nouvelle"])
def test_they_are_for_those_who_change_the_catalogue(as_staff: SignIn, role: str, path: str) -> None:
    assert as_staff(role).get(path).status_code == (200 if role in CHANGES else 403)


def test_a_season_is_added_and_renamed_and_the_trail_says_so(as_staff: SignIn) -> None:
    client = as_staff(Role.OWNER)
    client.post(f"{SEASONS}/nouvelle", NEXT)
    season = Season.objects.get()

    client.post(f"{SEASONS}/{season.pk}", {**NEXT, "name": "Plaines 2027"})

    assert Season.objects.get().name == "Plaines 2027"
    [entry] = Entry.objects.filter(action="season.changed")
    assert entry.details["changes"] == {"name": ["Été 2027", "Plaines 2027"]}


@pytest.mark.parametrize(
    ("said", "errors"),
    [
        ({**NEXT, "name": "été 2026"}, {"name": ["Une autre saison porte déjà ce nom."]}),
        ({**NEXT, "ends_on": "2027-01-01"}, {"ends_on": ["La fin vient avant le début."]}),
    ],
)
def test_a_season_that_makes_no_sense_is_refused_at_the_field(as_staff: SignIn, said: Any, errors: Any) -> None:
    a_season()
    answer = as_staff(Role.OWNER).post(f"{SEASONS}/nouvelle", said)

    assert (answer.status_code, answer.context["form"].errors) == (422, errors)


def test_a_name_that_somebody_takes_at_the_same_instant_is_refused_at_the_field(
    as_staff: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_season()
    Category.objects.create(slug="camps", name="Camps")
    client = as_staff(Role.OWNER)
    # As where the other's row comes between the question and the write.
    monkeypatch.setattr(SeasonForm, "clean_name", lambda form: form.cleaned_data["name"])
    monkeypatch.setattr(CategoryForm, "clean_name", lambda form: form.cleaned_data["name"])

    season = client.post(f"{SEASONS}/nouvelle", {**NEXT, "name": "été 2026"})
    category = client.post(f"{CATEGORIES}/nouvelle", {"name": "CAMPS"})

    told = [(each.status_code, each.context["form"].errors) for each in (season, category)]
    assert told == [
        (422, {"name": ["Une autre saison porte déjà ce nom."]}),
        (422, {"name": ["Une autre catégorie porte déjà ce nom."]}),
    ]
    assert (Season.objects.count(), Category.objects.count()) == (1, 1)


def test_the_list_says_how_much_each_season_holds(as_staff: SignIn) -> None:
    client = as_staff(Role.OWNER)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(SEASONS)
        return len(queries)

    an_offering(season=a_season())
    client.get(SEASONS)
    one = count()
    for year in (2027, 2028):
        an_offering(season=a_season(f"Été {year}"))

    assert count() == one
    assert "Été 2026 29 juin 2026 – 21 août 2026 1 activité" in words(client.get(SEASONS))


def test_a_season_is_cloned_after_its_new_dates_were_shown(as_staff: SignIn) -> None:
    season, client = a_season(), as_staff(Role.PROGRAMME_MANAGER)
    camp = an_offering("Camp 2026", season=season, starts_on=date(2026, 6, 29), ends_on=date(2026, 7, 3))
    an_option("Semaine 1", offering=camp, starts_on=date(2026, 6, 29), places=12)
    asked = {**NEXT, "sent": "1", "into": "", "old": "2026", "new": "2027"}

    page = client.get(f"{SEASONS}/{season.pk}/copier", asked)

    assert "Été 2027 : tout avance de 52 semaines." in words(page)
    assert "Camp 2027 29 juin 2026 – 3 juill. 2026 28 juin 2027 – 2 juill. 2027" in words(page)
    assert Offering.objects.count() == 1
    first = client.post(f"{SEASONS}/{season.pk}/copier", asked)
    assert Offering.objects.filter(season__name="Été 2027").values_list("title", "status").get() == (
        "Camp 2027",
        "draft",
    )
    second = client.post(f"{SEASONS}/{season.pk}/copier", asked)
    assert first.headers["Location"] == second.headers["Location"]
    assert "Tout était déjà copié" in client.get(second.headers["Location"]).content.decode()
    assert Offering.objects.count() == 2
    assert "Déjà copiée" in words(client.get(f"{SEASONS}/{season.pk}/copier", asked))


def test_a_new_season_needs_a_name_and_days(as_staff: SignIn) -> None:
    season = a_season()
    page = as_staff(Role.OWNER).get(f"{SEASONS}/{season.pk}/copier", {"sent": "1"})

    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["name", "starts_on", "ends_on"]


def test_one_offering_is_copied_with_its_dates_moved(as_staff: SignIn) -> None:
    zoo = an_offering("Zoo", starts_on=date(2026, 10, 5), deadline_on=date(2026, 9, 28))
    an_option("Groupe", offering=zoo)
    client = as_staff(Role.OWNER)
    page = client.get(f"/gestion/activites/{zoo.slug}/copier")
    assert page.context["form"].initial["title"] == "Zoo (copie)"

    answer = client.post(f"/gestion/activites/{zoo.slug}/copier", {"title": "Zoo 2", "starts_on": "2026-10-12"})

    copy = Offering.objects.get(title="Zoo 2")
    assert answer.headers["Location"] == f"/gestion/activites/{copy.slug}"
    assert (copy.status, copy.starts_on, copy.deadline_on) == ("draft", date(2026, 10, 12), date(2026, 10, 5))


def test_a_category_is_named_in_each_language_and_moved(as_staff: SignIn) -> None:
    client = as_staff(Role.OWNER)
    client.post(f"{CATEGORIES}/nouvelle", {"name": "Aquatique", "name_en": "Aquatics"})
    client.post(f"{CATEGORIES}/nouvelle", {"name": "Culture"})
    assert list(Category.objects.values_list("slug", "name", "translations")) == [
        ("aquatique", "Aquatique", {"en": {"name": "Aquatics"}}),
        ("culture", "Culture", {}),
    ]

    client.post(f"{CATEGORIES}/culture/deplacer", {"to": "up"})
    client.post(f"{CATEGORIES}/culture/deplacer", {"to": "up"})

    assert [each.slug for each in Category.objects.all()] == ["culture", "aquatique"]
    client.post(f"{CATEGORIES}/aquatique/modifier", {"name": "Bains", "name_en": ""})
    changed = Category.objects.get(slug="aquatique")
    assert (changed.name, changed.translations) == ("Bains", {})
    answer = client.post(f"{CATEGORIES}/nouvelle", {"name": "culture"})
    assert answer.context["form"].errors == {"name": ["Une autre catégorie porte déjà ce nom."]}


def test_only_a_form_that_is_sent_clones(as_staff: SignIn) -> None:
    season = a_season()
    said = {"sent": "1", "name": "Été 2027", "starts_on": "2027-06-21", "ends_on": "2027-08-27"}

    assert as_staff(Role.OWNER).head(f"/gestion/catalogue/saisons/{season.pk}/copier", said).status_code == 200
    assert Season.objects.count() == 1
