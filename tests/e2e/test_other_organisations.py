"""The same path in the three other kinds of organisation: weeks of a camp, a consent, a hold of three days."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import family


def signed_in(page: Page, demo, organisation: str) -> None:
    family.sign_in(page, demo.url(organisation, "/connexion"), *demo.login(organisation, "guardian"))
    family.is_signed_in(page)


def choose_child(page: Page) -> None:
    """The first of the family's members who may take it."""
    page.get_by_role("main").get_by_role("link", name=re.compile("^Choisir")).first.click()
    expect(page).to_have_url(re.compile(r"/inscription\?enfant="))
    family.whole(page)


def fill_what_is_asked(page: Page) -> None:
    """Answers that a demonstration family has not given yet."""
    family.whole(page)
    for field in page.locator(
        "main form[method=post] input[type=text][required], main input[type=tel][required]"
    ).all():
        if field.is_visible() and not field.input_value() and "signed_name" not in (field.get_attribute("name") or ""):
            field.fill("613-555-0199" if field.get_attribute("type") == "tel" else "Réponse")
    for answer in page.get_by_role("radio", name="Non", exact=True).all():
        answer.check()


def pay_the_basket(page: Page) -> None:
    page.get_by_role("main").get_by_role("link", name=re.compile("Passer|Payer|Régler|Finaliser|caisse")).first.click()
    expect(page.get_by_role("button", name=re.compile("^Payer"))).to_be_visible()
    family.whole(page)
    terms = page.get_by_role("checkbox")
    if terms.count():
        terms.first.check()
    page.get_by_role("button", name=re.compile("^Payer")).click()
    family.pay_on_hosted_page(page)
    expect(page).to_have_url(re.compile("/confirmation/"))


@pytest.mark.line("S2-08", "S2-09", "S2-10", "S2-14")
def test_a_city_family_takes_weeks_of_day_camp(demo, phone, picture):
    signed_in(phone, demo, "city_qc")
    phone.goto(demo.url("city_qc", "/activites/camp-de-jour-ete/inscription"))
    choose_child(phone)
    phone.get_by_label(re.compile("Les explorateurs")).check()
    phone.get_by_label(re.compile("Cirque")).check()
    waited_for = re.compile("Enquêtes.*Complet.: choisissez-le pour la liste d’attente")
    expect(phone.get_by_role("checkbox", name=waited_for)).not_to_be_checked()
    fill_what_is_asked(phone)
    picture(phone, "1-weeks")
    phone.get_by_role("main").get_by_role("button", name=re.compile("Ajouter|Confirmer|AJOUTER")).first.click()
    expect(phone.get_by_role("heading", name="Ajouté au panier")).to_be_visible()
    picture(phone, "2-added")

    phone.goto(demo.url("city_qc", "/panier"))
    expect(phone.get_by_text("250,00\u00a0$").first).to_be_visible()
    picture(phone, "3-basket")
    pay_the_basket(phone)


@pytest.mark.line("S3-04", "S3-27")
def test_an_outing_needs_the_parents_consent(demo, phone, picture):
    signed_in(phone, demo, "school_board_on")
    phone.goto(demo.url("school_board_on", "/activites/sortie-musee-nature/inscription"))
    choose_child(phone)
    for option in phone.locator("input[name=choix-options]").all():
        option.check()
    fill_what_is_asked(phone)
    main = phone.get_by_role("main")
    main.get_by_role("button", name=re.compile("Ajouter|Confirmer")).first.click()
    expect(phone.get_by_role("alert").first).to_be_focused()
    picture(phone, "1-not-signed")

    phone.get_by_label("Oui, j’autorise").check()
    phone.get_by_label("Votre prénom et votre nom").fill("Daniel Mbeki")
    picture(phone, "2-signed")
    main.get_by_role("button", name=re.compile("Ajouter|Confirmer")).first.click()
    expect(phone.get_by_role("heading", name="Ajouté au panier")).to_be_visible()
    phone.goto(demo.url("school_board_on", "/panier"))
    pay_the_basket(phone)


@pytest.mark.line("S4-26", "S4-27", "S4-33", "S4-39")
def test_a_commune_keeps_the_places_three_days(demo, phone, picture):
    signed_in(phone, demo, "commune_be")
    phone.goto(demo.url("commune_be", "/activites/plaines-ete-primaires/inscription"))
    choose_child(phone)
    # A week that nobody else takes for this child.
    phone.get_by_label(re.compile("Olympiades")).check()
    fill_what_is_asked(phone)
    picture(phone, "1-weeks")
    phone.get_by_role("main").get_by_role("button", name=re.compile("Ajouter|Confirmer|Inscrire")).first.click()
    expect(phone.get_by_role("heading", name="Ajouté au panier")).to_be_visible()
    phone.goto(demo.url("commune_be", "/panier"))
    expect(phone.get_by_text("50,00\u00a0€").first).to_be_visible()
    deadline = phone.locator("hold-countdown").first.get_attribute("deadline")
    hours = phone.evaluate("end => (new Date(end) - Date.now()) / 3600000", deadline)
    assert 71 < hours <= 72
    picture(phone, "2-basket")
    pay_the_basket(phone)
    picture(phone, "3-confirmation")
