"""The weeks of the commune: one plaine a week, prices by residence, what is full named in red, what one has shown."""

import re
import secrets

import pytest
from playwright.sync_api import expect

from tests.axe import violations
from tests.e2e.test_s4_cases import HOUSEHOLD, a_citizen, add_child, register
from tests.e2e.weeks import CAMPS, COMMUNE, give_back, week


@pytest.mark.line("S4-26", "S4-27")
def test_each_week_is_monday_to_friday_with_the_plaines_of_the_childs_age(hugo, pictures):
    first, second = week(hugo, 1), week(hugo, 2)
    expect(first.locator(".calendar-dates")).to_have_text(re.compile(r"^du lundi .+ au vendredi .+ \d{4}$"))
    expect(first.get_by_role("radio", name=re.compile("Trappeurs"))).to_be_enabled()
    expect(first.get_by_role("radio", name=re.compile("Trappeurs"))).to_have_count(1)
    expect(first.get_by_role("radio", name="Aucune")).to_be_checked()
    expect(first.get_by_role("radio", name=re.compile("Radio"))).to_have_count(0)
    first.get_by_text(re.compile("1 autre choix cette semaine-là")).click()
    expect(first).to_contain_text(re.compile("Radio et micro.*réservée.*4e primaire", re.DOTALL))
    expect(second).to_contain_text("Complet\u202f: choisissez-le pour la liste d’attente.")
    expect(second).to_contain_text("18 places restantes")
    pictures(hugo, "weeks")


def test_the_weeks_are_chosen_with_the_keyboard_alone(hugo):
    trappers = week(hugo, 1).get_by_role("radio", name=re.compile("Trappeurs"))
    week(hugo, 1).get_by_role("radio", name="Aucune").focus()
    hugo.keyboard.press("ArrowUp")
    expect(trappers).to_be_checked()
    expect(trappers).to_be_focused()
    hugo.keyboard.press("ArrowDown")
    expect(week(hugo, 1).get_by_role("radio", name="Aucune")).to_be_checked()


@pytest.mark.line("S4-31", "S4-32")
def test_a_plaine_that_filled_up_meanwhile_is_named_in_red_with_what_to_do(demo, hugo, picture):
    week(hugo, 4).get_by_role("radio", name=re.compile("Cabanes et nuit sous tente")).check()
    week(hugo, 3).get_by_role("radio", name=re.compile("Cirque")).check()
    with demo.full(COMMUNE, "PP7"):
        hugo.get_by_role("button", name="Inscrire", exact=True).click()
        summary = hugo.get_by_role("alert").first
        expect(summary).to_be_focused()

    expect(summary).to_contain_text("Il ne reste plus assez de places\u202f: Cabanes et nuit sous tente.")
    expect(week(hugo, 4)).to_contain_text("Il ne reste plus assez de places")
    colour = week(hugo, 4).locator(".field-error").first.evaluate("error => getComputedStyle(error).color")
    red, green, blue = map(int, re.findall(r"\d+", colour)[:3])
    assert red > 2 * green
    assert red > 2 * blue
    expect(hugo.get_by_role("button", name="Prendre ce qui reste", exact=True)).to_be_visible()
    expect(hugo.get_by_role("button", name="Prendre ce qui reste et attendre le reste")).to_be_visible()
    # All else that was chosen is kept.
    expect(week(hugo, 3).get_by_role("radio", name=re.compile("Cirque"))).to_be_checked()
    assert violations(hugo) == []
    picture(hugo, "full")


@pytest.mark.line("S4-28", "S4-29", "S4-30")
def test_what_the_child_has_is_shown_after_choosing_with_the_two_buttons(demo, hugo, picture):
    week(hugo, 3).get_by_role("radio", name=re.compile("Cirque")).check()
    week(hugo, 5).get_by_role("radio", name=re.compile("Détectives")).check()
    hugo.get_by_role("button", name="Inscrire", exact=True).click()

    expect(hugo.get_by_role("heading", name="Inscriptions : Hugo")).to_be_visible()
    history = hugo.get_by_role("region", name="Inscriptions : Hugo")
    expect(history).to_contain_text("Cirque")
    expect(history).to_contain_text("Détectives")
    expect(hugo.get_by_role("link", name="Régler mon panier")).to_be_visible()
    assert violations(hugo) == []
    picture(hugo, "1-history")
    hugo.get_by_role("link", name="Inscrire un autre enfant").click()
    expect(hugo.get_by_text("Delvaux Lucie").first).to_be_visible()
    picture(hugo, "2-another-child")
    give_back(hugo, demo)


@pytest.mark.line("S4-21")
def test_a_family_of_another_commune_pays_more_and_reads_why(demo, phone, picture):
    name = f"Renard-{secrets.token_hex(3)}"
    register(phone, demo, a_citizen(demo, name), name)
    phone.goto(demo.url(COMMUNE, "/profil/enfants/ajouter"))
    add_child(phone, name, "Zoé", **{**HOUSEHOLD, "Code postal": "4000", "Localité": "Liège"})
    expect(phone).to_have_url(re.compile("/fiches/fiche-sante$"))
    child = re.search("/enfants/([^/]+)/fiches", phone.url)[1]
    phone.goto(demo.url(COMMUNE, f"{CAMPS}?enfant={child}"))

    expect(phone.get_by_role("complementary")).to_contain_text("65,00\u00a0€")
    expect(phone.get_by_role("complementary")).to_contain_text("Le prix pour Zoé")
    trappers = phone.get_by_role("listitem").filter(has_text="Trappeurs").last
    trappers.get_by_text("Pourquoi ce prix").click()
    expect(trappers).to_contain_text(re.compile("50,00\u00a0€.*15,00\u00a0€", re.DOTALL))
    assert violations(phone) == []
    picture(phone, "why")
