"""The school board's list and its sheets: found by level and school, closed after the deadline, sold by the piece."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import family
from tests.e2e.test_s1_guest import an_address

BOARD = "school_board_qc"


def go_on_as_a_guest(page: Page, demo, slug: str) -> None:
    page.goto(demo.url(BOARD, f"/activites/{slug}/inscription"))
    page.get_by_role("button", name="Continuer sans compte").click()


@pytest.mark.line("S1-26", "S1-28")
def test_the_list_narrows_by_level_school_and_words(demo, desk, picture):
    desk.goto(demo.url(BOARD, "/activites"))
    everything = len(family.titles(desk))
    desk.goto(demo.url(BOARD, "/activites?level=6e"))
    assert "Théâtre : La lune en pyjama" not in [each.replace("\u202f", " ") for each in family.titles(desk)]
    assert "Sortie Calypso 6e années" in family.titles(desk)
    assert len(family.titles(desk)) < everything
    desk.goto(demo.url(BOARD, "/activites?establishment=cote-du-nord"))
    assert "Dîners pizza du vendredi" in family.titles(desk)
    assert "Mercredis macaroni" not in family.titles(desk)
    picture(desk, "narrowed")


@pytest.mark.line("S1-29")
def test_after_the_deadline_nothing_is_accepted_and_the_page_says_since_when(demo, phone, picture):
    phone.goto(demo.url(BOARD, "/activites/chandails-ecole"))

    aside = phone.get_by_role("complementary")
    expect(aside).to_contain_text(re.compile(r"La date limite, le .+, est passée\."))
    expect(aside.get_by_role("link", name="Commander")).to_have_count(0)
    phone.goto(demo.url(BOARD, "/activites/chandails-ecole/inscription"))
    expect(phone.get_by_role("button", name="Confirmer")).to_have_count(0)
    picture(phone, "closed")


@pytest.mark.line("S1-30")
def test_a_deadline_may_be_the_very_day_of_the_activity(demo, phone):
    phone.goto(demo.url(BOARD, "/activites/sortie-mont-cascade"))

    facts = phone.get_by_role("complementary").inner_text().replace("\u202f", " ")
    day = re.search(r"Date limite pour l’inscription : (.+)", facts)[1]
    assert day.casefold() in facts.split("Date limite")[0].casefold()
    expect(phone.get_by_role("complementary").get_by_role("link", name="S’inscrire")).to_be_visible()


@pytest.mark.line("S1-35", "S1-36", "S1-41")
def test_articles_have_a_code_a_least_and_a_total(demo, phone, picture):
    go_on_as_a_guest(phone, demo, "biscuits-feuille-erable")
    family.fill_child(phone, email=an_address(), level="6e année", school="École des Trois-Saisons (Lavictoire)")
    expect(phone.get_by_role("rowheader", name=re.compile("^101 – Biscuits feuille d’érable"))).to_be_visible()

    family.confirm_sheet(phone)
    expect(phone.get_by_role("alert").first).to_contain_text("Choisissez une quantité d’au moins 1 pour un article.")
    phone.get_by_label("Quantité : Beurre d’érable".replace(" :", "\u202f:")).fill("1")
    family.confirm_sheet(phone)
    expect(phone.get_by_role("alert").first).to_contain_text("la quantité est de 2 au moins.")
    picture(phone, "1-least")
    phone.get_by_label("Quantité : Beurre d’érable".replace(" :", "\u202f:")).fill("2")
    phone.get_by_label("Quantité : Biscuits feuille d’érable".replace(" :", "\u202f:")).fill("10")
    expect(phone.locator("[data-grand-total]")).to_have_text("28,00\u00a0$")
    family.confirm_sheet(phone)

    expect(phone.get_by_role("heading", name="Résumé des informations")).to_be_visible()
    expect(phone.get_by_role("main")).to_contain_text("101")
    expect(phone.get_by_role("main")).to_contain_text("28,00\u00a0$")
    picture(phone, "2-summary")


@pytest.mark.line("S1-32")
def test_choosing_a_child_fills_the_sheet(demo, phone):
    family.sign_in(phone, demo.url(BOARD, "/connexion"), *demo.login(BOARD, "guardian"))
    phone.goto(demo.url(BOARD, "/activites/mercredis-macaroni/inscription"))
    phone.get_by_role("link", name=re.compile("^Choisir Lapointe John")).click()
    expect(phone.get_by_label(family.label("Groupe-repère"))).to_have_value("881")

    # The list fills the sheet in once the scripts have come.
    family.whole(phone)
    phone.get_by_label("Choisir un enfant").select_option(label="Un autre enfant")
    expect(phone.get_by_label(family.label("Groupe-repère"))).to_have_value("")


def test_a_gift_is_free_and_never_asked_for(demo, phone, picture):
    go_on_as_a_guest(phone, demo, "contribution-parc-ecole")
    family.fill_child(phone, email=an_address())
    expect(phone.get_by_label(family.label("Votre contribution"))).to_have_value("")
    phone.get_by_label(family.label("Votre contribution")).fill("beaucoup")
    phone.get_by_role("button", name="Continuer", exact=True).click()
    expect(phone.get_by_role("alert").first).to_contain_text("Écrivez un montant en chiffres")
    phone.get_by_label(family.label("Votre contribution")).fill("12,50")
    picture(phone, "1-amount")
    phone.get_by_role("button", name="Continuer", exact=True).click()

    expect(phone.get_by_role("main")).to_contain_text("12,50\u00a0$")
    picture(phone, "2-summary")


def test_a_week_of_meals_is_copied_on_the_next_with_and_without_a_script(demo, visitor, picture):
    for javascript in (True, False):
        page = visitor(javascript=javascript).new_page()
        go_on_as_a_guest(page, demo, "traiteur-du-midi")
        monday, tuesday = (page.locator(".meal-day").nth(number).get_by_role("spinbutton").first for number in (0, 1))
        monday.fill("2")
        tuesday.fill("1")
        page.get_by_role("button", name="Copier cette semaine sur les suivantes").first.click()

        for number, quantity in ((4, "2"), (5, "1"), (8, "2"), (9, "1")):
            expect(page.locator(".meal-day").nth(number).get_by_role("spinbutton").first).to_have_value(quantity)
        expect(page.locator("[data-grand-total]")).to_have_text("58,50\u00a0$")
        family.whole(page)
        expect(page.get_by_role("alert")).to_have_count(0)
        picture(page, f"script-{javascript}")


@pytest.mark.line("S3-04")
def test_an_authorization_alone_is_signed_in_one_page(demo, phone, picture):
    family.sign_in(phone, demo.url(BOARD, "/connexion"), *demo.login(BOARD, "guardian"))
    phone.goto(demo.url(BOARD, "/activites/visite-de-la-bibliotheque"))
    expect(phone.get_by_role("complementary")).to_contain_text("Une signature suffit")
    phone.get_by_role("link", name="Répondre et signer").click()
    phone.get_by_role("link", name=re.compile("^Choisir Lapointe John")).click()
    expect(phone.get_by_label("Oui, j’autorise")).to_be_visible()
    family.whole(phone)
    for field in phone.locator("main form[method=post] input[required]").all():
        if field.is_visible() and field.get_attribute("type") in ("text", "tel") and not field.input_value():
            field.fill("819-555-0123" if field.get_attribute("type") == "tel" else "Marie Lapointe")
    phone.get_by_label("Oui, j’autorise").check()
    phone.get_by_label(re.compile("^Votre prénom et votre nom")).fill("Marie Lapointe")
    picture(phone, "1-sheet")
    phone.get_by_role("button", name="Enregistrer ma réponse").click()

    expect(phone.get_by_text(re.compile("C’est signé"))).to_be_visible()
