"""The city's way: the member first, then what is for them, found by words or by category."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.axe import violations
from tests.e2e import family
from tests.e2e.demo import Demo

CITY = "city_qc"


def offered_to(page: Page, demo: Demo, member: str) -> None:
    """The list of what is for a member, from their card in the family's file."""
    page.goto(demo.url(CITY, "/mon-dossier"))
    card = page.get_by_role("main").get_by_role("listitem").filter(has_text=member)
    card.get_by_role("link", name=re.compile("^Inscrire")).first.click()
    expect(page).to_have_url(re.compile(r"/activites\?enfant="))
    family.whole(page)


@pytest.fixture
def rosalie(demo, phone) -> Page:
    """What is offered to Rosalie, who is seven."""
    family.sign_in(phone, demo.url(CITY, "/connexion"), *demo.login(CITY, "guardian"))
    offered_to(phone, demo, "Gagnon Rosalie")
    return phone


@pytest.mark.line("S2-04", "S2-06")
def test_within_a_member_one_searches_or_browses_by_category(demo, rosalie, picture):
    search = rosalie.get_by_label("Recherche par mots-clés")
    if not search.is_visible():
        rosalie.locator("details.filters > summary").first.click()
    search.fill("natation")
    search.press("Enter")
    expect(rosalie).to_have_url(re.compile("keywords=natation"))
    expect(rosalie.locator(".card h2", has_text="Cours de natation Junior")).to_be_visible()
    family.whole(rosalie)
    expect(rosalie.locator(".card h2", has_text="Camp de jour d’été")).to_have_count(0)
    assert violations(rosalie) == []
    picture(rosalie, "1-search")

    child = re.search("enfant=([^&]+)", rosalie.url)[1]
    rosalie.goto(demo.url(CITY, f"/activites?enfant={child}&category=camps-de-jour"))
    expect(rosalie.locator(".card h2", has_text="Camp de jour d’été")).to_be_visible()
    expect(rosalie.locator(".card h2", has_text="Cours de natation Junior")).to_have_count(0)
    picture(rosalie, "2-category")


@pytest.mark.line("S2-05", "S2-07")
def test_the_results_are_those_of_the_member_who_is_chosen(demo, rosalie):
    hers = family.titles(rosalie)
    assert "Camp de jour d’été" in hers
    assert "Yoga du mardi soir" not in hers
    assert "Camp spécialisé : jeunes scientifiques".replace(" :", "\u202f:") not in hers

    offered_to(rosalie, demo, "Gagnon Sophie")
    assert "Yoga du mardi soir" in family.titles(rosalie)
    assert "Camp de jour d’été" not in family.titles(rosalie)


@pytest.mark.line("O-05")
def test_a_group_says_when_it_meets_and_a_level_what_comes_before(demo, rosalie, picture):
    rosalie.goto(rosalie.url.replace("/activites?", "/activites/cours-de-natation?"))
    first = rosalie.get_by_role("row", name=re.compile("^Junior 1"))
    expect(first).to_contain_text(re.compile(r"10 séances, le lundi de 17\sh à 17\sh\s55"))
    first.get_by_text(re.compile("10 séances.*toutes les dates")).click()
    expect(first.get_by_role("list").get_by_role("listitem")).to_have_count(10)
    expect(rosalie.get_by_role("row", name=re.compile("^Junior 2"))).to_contain_text("Junior 1")
    assert violations(rosalie) == []
    picture(rosalie, "course")


@pytest.mark.line("O-05")
def test_what_stands_in_the_way_says_what_to_do_about_it(demo, phone, picture):
    family.sign_in(phone, demo.url(CITY, "/connexion"), *demo.login(CITY, "guardian"))
    phone.goto(demo.url(CITY, "/activites/soiree-des-membres/inscription"))
    phone.get_by_role("link", name="Voir l’adhésion").first.click()
    expect(phone.get_by_role("heading", name="Carte Valmont Loisirs")).to_be_visible()
    expect(phone.get_by_role("link", name="Devenir membre")).to_be_visible()

    phone.goto(demo.url(CITY, "/activites/natation-competition/inscription"))
    expect(phone.get_by_role("link", name=re.compile("^Demander une approbation pour Olivier"))).to_be_visible()
    assert violations(phone) == []
    picture(phone, "ways-on")


def test_residents_come_first_and_the_page_says_when(demo, phone, picture):
    phone.goto(demo.url(CITY, "/activites/gardiens-avertis"))

    when = phone.get_by_role("region", name="Quand s’inscrire")
    expect(when).to_contain_text(re.compile(r"Résidents de Valmont.*Tout le monde", re.DOTALL))
    assert len(re.findall(r"18\sh", when.inner_text())) == 2
    assert violations(phone) == []
    picture(phone, "periods")
