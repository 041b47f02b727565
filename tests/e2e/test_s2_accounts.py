"""« Comptes et reçus »: a camp in two payments, a part paid sooner, its receipts, and another card."""

import re
import secrets
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.axe import violations
from tests.e2e import family
from tests.e2e.demo import Demo
from tests.e2e.test_other_organisations import fill_what_is_asked
from tests.e2e.test_s1_account import sign_up
from tests.e2e.test_s4_cases import sign

CITY = "city_qc"
ACCOUNTS = "/mon-dossier/comptes-et-recus"
MASTERCARD = "5555 5555 5555 4444"
CHILD = {
    "Prénom": "Nathan",
    "Date de naissance": "2016-05-04",
    "Rue et numéro": "12, rue Basse",
    "Code postal": "J8X 2T3",
    "Localité": "Valmont",
}


@pytest.mark.line("S2-15", "S2-16", "S2-19", "S2-23", "S2-25")
@pytest.mark.parametrize("size", ["phone", "desk"])
def test_a_camp_in_two_payments_is_followed_in_the_account(demo, request, picture, size):
    page, width = request.getfixturevalue(size), {"phone": 360, "desk": 1280}[size]

    def look(words: str) -> None:
        assert violations(page) == [], page.url
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
        picture(page, words)

    address = with_a_child(page, demo)
    begin_in_two(page, demo)
    page.goto(demo.url(CITY, ACCOUNTS))
    expect(page.get_by_role("heading", name="Ce que vous devez")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Prochaine échéance")
    look("1-accounts")
    expect(page.get_by_role("link", name=re.compile("^Payer [A-Z0-9]{4}-"))).to_be_visible()
    page.get_by_role("link", name="Voir tous les versements à venir").click()
    expect(page.get_by_role("heading", name="Versements à venir")).to_be_visible()
    look("2-instalments")

    page.get_by_role("link", name=re.compile("^Payer maintenant ou changer de carte")).click()
    expect(page.get_by_role("button", name="Changer de carte")).to_be_visible()
    look("3-statement")
    pay_a_part(page, look)
    change_the_card(page)
    look("5-other-card")
    assert len(demo.mails(address, 2, about="Paiement reçu")) == 2


def with_a_child(page: Page, demo: Demo) -> str:
    """A new family of the city. Answers with its address."""
    page.goto(demo.url(CITY, "/inscription"))
    address = sign_up(page, demo)
    page.goto(demo.url(CITY, "/profil/enfants/ajouter"))
    family.whole(page)
    for name, value in {"Nom": f"Lapointe-{secrets.token_hex(3)}", **CHILD}.items():
        page.get_by_label(family.label(name)).fill(value)
    page.get_by_label(family.label("Groupe d’âge")).select_option(label="9 à 12 ans")
    page.get_by_role("button", name="Ajouter").click()
    expect(page).not_to_have_url(re.compile("/ajouter$"))
    family.whole(page)
    return address


def begin_in_two(page: Page, demo: Demo) -> None:
    """One half now, the other in a month on the same card."""
    page.goto(demo.url(CITY, "/activites/camp-de-jour-ete/inscription"))
    page.get_by_role("link", name=re.compile("Fiche santé")).first.click()
    fill_what_is_asked(page)
    sign(page, "Enregistrer")
    page.goto(demo.url(CITY, "/activites/camp-de-jour-ete/inscription"))
    page.get_by_label(re.compile("Les explorateurs")).check()
    fill_what_is_asked(page)
    page.get_by_role("main").get_by_role("button", name=re.compile("Ajouter|Confirmer|AJOUTER")).first.click()
    expect(page.get_by_role("heading", name="Ajouté au panier")).to_be_visible()
    page.goto(demo.url(CITY, "/commande"))
    page.get_by_role("radio", name=re.compile("^2 paiements mensuels")).check()
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name=re.compile("^Payer .* maintenant")).click()
    family.pay_on_hosted_page(page)
    expect(page).to_have_url(re.compile("/confirmation/"))


def pay_a_part(page: Page, look: Callable[[str], None]) -> None:
    """20 $ sooner than they are due."""
    amount = page.get_by_label("Montant à payer")
    owed = amount.input_value()
    amount.fill("1000000")
    page.get_by_role("button", name="Payer par carte").click()
    expect(page.get_by_role("alert").first).to_be_focused()
    look("4-too-much")
    page.get_by_label("Montant à payer").fill("20")
    page.get_by_role("button", name="Payer par carte").click()
    family.pay_on_hosted_page(page)
    expect(page.get_by_text(re.compile("Merci.*votre paiement de 20,00"))).to_be_visible()
    expect(page.get_by_label("Montant à payer")).not_to_have_value(owed)
    expect(page.get_by_role("link", name=re.compile(r"^Reçu \d+ \(PDF\)"))).to_have_count(2)


def change_the_card(page: Page) -> None:
    page.get_by_role("button", name="Changer de carte").click()
    expect(page.get_by_text("Simulation").first).to_be_visible()
    family.whole(page)
    page.get_by_label("Numéro de carte").fill(MASTERCARD)
    page.get_by_label("Date d’expiration").fill("12 / 34")
    page.get_by_label("CVC").fill("123")
    page.get_by_label("Nom du titulaire").fill("Marie Lapointe")
    page.get_by_role("button", name=re.compile("^(Enregistrer|Payer|Confirmer)")).click()
    expect(page.get_by_text(re.compile("Vos prochains versements seront pris sur la carte .*4444"))).to_be_visible()
