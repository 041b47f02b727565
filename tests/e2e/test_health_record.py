"""A family of the commune: the health record that locks the camps, renewed with one signature, or filled in anew."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.axe import violations
from tests.e2e import family

CAMPS = "/activites/plaines-ete-maternelles/inscription"


def signed_in(page: Page, demo) -> None:
    family.sign_in(page, demo.url("commune_be", "/connexion"), *demo.login("commune_be", "guardian"))
    family.is_signed_in(page)


def sign(page: Page, button: str) -> None:
    page.get_by_role("checkbox", name=re.compile("^Je confirme")).check()
    page.get_by_label(family.label("Votre prénom et votre nom")).fill("Julie Delvaux")
    page.get_by_role("button", name=button).click()


@pytest.mark.line("S4-24", "S4-25", "O-12")
def test_a_camp_is_locked_until_the_record_is_signed_again(demo, phone, picture):
    signed_in(phone, demo)
    phone.goto(demo.url("commune_be", CAMPS))
    lucie = phone.get_by_role("listitem").filter(has_text="Delvaux Lucie")
    expect(lucie).to_contain_text("n’était valable que jusqu’au")
    expect(lucie.get_by_role("link", name=re.compile("^Choisir"))).to_have_count(0)
    picture(phone, "1-locked")

    lucie.get_by_role("link", name=re.compile("^Vérifier")).click()
    expect(phone.get_by_role("heading", name="Rien n’a changé")).to_be_visible()
    expect(phone.get_by_text("Dre Anne Marchal")).to_be_visible()
    assert violations(phone) == []
    picture(phone, "2-nothing-has-changed")
    sign(phone, "Rien n’a changé")

    expect(phone).to_have_url(re.compile(CAMPS))
    phone.goto(demo.url("commune_be", CAMPS))
    lucie = phone.get_by_role("listitem").filter(has_text="Delvaux Lucie")
    expect(lucie.get_by_role("link", name=re.compile("^Choisir"))).to_be_visible()


@pytest.mark.line("S4-12", "S4-15", "S4-16", "S4-17", "S4-18", "S4-19")
def test_a_new_child_s_record_follows_its_particulars(demo, phone, picture):
    signed_in(phone, demo)
    phone.goto(demo.url("commune_be", "/profil/enfants/ajouter"))
    phone.get_by_label(family.label("Nom de l’enfant")).fill("Delvaux")
    phone.get_by_label(family.label("Prénom de l’enfant")).fill(f"Nina {time.time_ns()}")
    phone.get_by_label(family.label("Date de naissance")).fill("2019-03-08")
    phone.get_by_label(family.label("Année scolaire")).select_option(label="2e primaire")
    phone.get_by_label(family.label("École fréquentée")).fill("École du Bois")
    expect(phone.get_by_label("Localité")).to_have_value("Brimont")
    phone.get_by_role("button", name="Ajouter").click()

    expect(phone).to_have_url(re.compile("/fiches/fiche-sante"))
    # What the household said for the others is there already; what hangs on another answer waits for it.
    expect(phone.get_by_label(family.label("Médecin traitant"))).to_have_value("Dre Anne Marchal")
    told = phone.get_by_label(re.compile("^Laquelle, gravité"))
    family.whole(phone)
    expect(told).to_be_hidden()
    phone.get_by_role("checkbox", name="Asthme").check()
    expect(told).to_be_visible()
    phone.get_by_role("button", name="Enregistrer").click()
    expect(phone.get_by_role("alert").first).to_be_focused()
    assert violations(phone) == []
    picture(phone, "1-what-is-missing")

    told.fill("Asthme léger")
    phone.get_by_label(re.compile("^Sait nager")).select_option(label="Un peu")
    for name in ("L’équipe peut-elle", "Peut rentrer seul", "Les photos de groupe", "Les photos de l’enfant seul"):
        phone.get_by_role("group", name=re.compile(f"^{name}")).get_by_label("Oui", exact=True).check()
    picture(phone, "2-filled-in")
    sign(phone, "Enregistrer")
    expect(phone.get_by_text("c’est enregistré").first).to_be_visible()
