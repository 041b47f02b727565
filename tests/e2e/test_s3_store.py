"""Ontario's store: everything for all one's children in one place, with its help, its deadlines and its suppliers."""

import re

import pytest
from playwright.sync_api import expect

from tests.axe import violations
from tests.e2e import family

BOARD = "school_board_on"


@pytest.mark.line("S3-03", "S3-06")
def test_products_and_programmes_for_all_ones_children_are_in_one_place(demo, phone, picture):
    family.sign_in(phone, demo.url(BOARD, "/connexion"), *demo.login(BOARD, "guardian"))
    phone.goto(demo.url(BOARD, "/activites"))

    found = family.titles(phone)
    for title in ("Cotisation de l’élève", "Programme de pizza", "Programme de lait", "Maïs soufflé du mardi"):
        assert title in found
    # Amara goes to one school and Elias to the other.
    assert found.count("Cotisation de l’élève") == 2
    picture(phone, "list")


@pytest.mark.line("S3-10")
def test_each_school_has_a_short_address_of_its_own(demo, phone, picture):
    phone.goto(demo.url(BOARD, "/ecoles/sainte-aurelie"))

    main = phone.get_by_role("main")
    expect(main).to_contain_text("École élémentaire catholique Sainte-Aurélie")
    expect(main).to_contain_text("613-555-0181")
    assert "Programme de pizza" in family.titles(phone)
    assert "Jeudi pizza" not in family.titles(phone)
    assert violations(phone) == []
    picture(phone, "school")


@pytest.mark.line("S3-15", "S3-17")
def test_the_guide_and_the_questions_are_a_link_away_and_the_school_says_whom_to_call(demo, phone):
    phone.goto(demo.url(BOARD, "/"))
    expect(phone.get_by_role("link", name="Guide des parents")).to_have_attribute(
        "href", "https://levant.example/guide-des-parents"
    )
    expect(phone.get_by_role("link", name="Questions et réponses")).to_have_attribute(
        "href", "https://levant.example/questions"
    )

    phone.goto(demo.url(BOARD, "/activites/pizza-sainte-aurelie"))
    expect(phone.get_by_role("region", name=re.compile("^Des questions"))).to_contain_text("prenez rendez-vous")


@pytest.mark.line("S3-22", "S3-35")
def test_a_product_says_its_deadline_and_the_cards_that_are_taken(demo, phone):
    deadlines = set()
    for slug in ("pizza-sainte-aurelie", "sortie-musee-nature"):
        phone.goto(demo.url(BOARD, f"/activites/{slug}"))
        facts = phone.get_by_role("complementary").inner_text().replace("\u202f", " ")
        deadlines.add(re.search(r"Date limite pour l’inscription : (.+)", facts)[1])
        payment = phone.get_by_role("region", name="Paiement")
        for brand in ("Visa", "Visa Débit", "Visa prépayée", "Mastercard", "Mastercard prépayée"):
            expect(payment).to_contain_text(brand)
        expect(payment).not_to_contain_text("American Express")
    assert len(deadlines) == 2


@pytest.mark.line("S3-25")
def test_a_product_of_several_dates_is_ordered_by_the_date(demo, phone, picture):
    family.sign_in(phone, demo.url(BOARD, "/connexion"), *demo.login(BOARD, "guardian"))
    phone.goto(demo.url(BOARD, "/activites/pizza-sainte-aurelie/inscription"))
    phone.get_by_role("link", name=re.compile("^Choisir Mbeki Amara")).click()
    first, second, *others = family.quantities(phone)
    assert len(others) == 5
    first.fill("2")
    second.fill("1")
    expect(phone.locator("[data-grand-total]")).to_have_text("10,50\u00a0$")
    assert violations(phone) == []
    picture(phone, "1-dates")
    for field in phone.locator("main form[method=post] input[type=text][required]").all():
        if field.is_visible() and not field.input_value():
            field.fill("Mme Lavoie")
    phone.get_by_role("main").get_by_role("button", name=re.compile("Ajouter|Confirmer")).first.click()

    expect(phone.get_by_role("heading", name="Ajouté au panier")).to_be_visible()
    expect(phone.get_by_role("main")).to_contain_text("10,50\u00a0$")
    picture(phone, "2-added")
    phone.goto(demo.url(BOARD, "/panier"))
    phone.get_by_role("link", name="Abandonner tout le panier").click()
    phone.get_by_role("button", name="Abandonner").click()
    expect(phone.get_by_text("Votre panier est vide. Les places sont libérées.")).to_be_visible()


@pytest.mark.line("S3-36")
def test_after_the_deadline_one_neither_buys_nor_consents(demo, phone, picture):
    family.sign_in(phone, demo.url(BOARD, "/connexion"), *demo.login(BOARD, "guardian"))
    phone.goto(demo.url(BOARD, "/activites/spectacle-noel/inscription"))

    expect(phone.get_by_role("main")).to_contain_text("est passée")
    expect(phone.get_by_label("Oui, j’autorise")).to_have_count(0)
    expect(phone.get_by_role("button", name=re.compile("Ajouter|Confirmer"))).to_have_count(0)
    picture(phone, "too-late")


@pytest.mark.line("S3-04", "S3-05")
def test_an_authorization_alone_is_answered_on_the_page_of_the_outing(demo, phone, picture):
    family.sign_in(phone, demo.url(BOARD, "/connexion"), *demo.login(BOARD, "guardian"))
    phone.goto(demo.url(BOARD, "/activites/marche-du-mieux-etre"))
    phone.get_by_role("link", name="Répondre et signer").click()
    phone.get_by_role("link", name=re.compile("^Choisir Mbeki Amara")).click()
    expect(phone.get_by_label("Non, je n’autorise pas")).to_be_visible()
    family.whole(phone)
    for field in phone.locator("main form[method=post] input[required]").all():
        if field.is_visible() and field.get_attribute("type") in ("text", "tel") and not field.input_value():
            field.fill("613-555-0199" if field.get_attribute("type") == "tel" else "Daniel Mbeki")
    phone.get_by_label("Non, je n’autorise pas").check()
    phone.get_by_label(re.compile("^Votre prénom et votre nom")).fill("Daniel Mbeki")
    assert violations(phone) == []
    picture(phone, "sheet")
    phone.get_by_role("button", name="Enregistrer ma réponse").click()

    expect(phone.get_by_text(re.compile("Votre refus est enregistré.*Amara"))).to_be_visible()


@pytest.mark.line("S3-37")
def test_the_supplier_s_order_and_the_buses_are_counted(demo, desk, picture):
    family.sign_in_staff(desk, demo, BOARD, "owner", path="/gestion/activites/sortie-musee-nature/commande")
    desk.goto(demo.url(BOARD, "/gestion/activites/sortie-musee-nature/commande"))

    expect(desk.get_by_role("heading", name="Commande et transport")).to_be_visible()
    expect(desk.get_by_role("main")).to_contain_text("S34")
    assert violations(desk) == []
    picture(desk, "order")
