"""The basket of the commune: what the family has in credit is taken off, and the rest is paid by card (S4-44)."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e import family
from tests.e2e.test_other_organisations import fill_what_is_asked
from tests.e2e.weeks import CAMPS, COMMUNE, week


@pytest.mark.line("S4-35", "S4-36", "S4-40", "S4-44")
def test_the_credit_is_taken_off_the_basket_and_spent_once(demo, phone, pictures):
    password = demo.guardian(COMMUNE)["password"]
    family.sign_in(phone, demo.url(COMMUNE, "/connexion"), "samira.haddad@famille.example", password)
    phone.goto(demo.url(COMMUNE, "/mon-dossier"))
    card = phone.get_by_role("main").get_by_role("listitem").filter(has_text="Haddad Inès")
    address = card.get_by_role("link", name=re.compile("^Inscrire")).first.get_attribute("href")
    child = re.search("enfant=([^&]+)", address)[1]
    phone.goto(demo.url(COMMUNE, f"{CAMPS}/inscription?enfant={child}"))
    week(phone, 6).get_by_role("radio", name=re.compile("Olympiades")).check()
    fill_what_is_asked(phone)
    phone.get_by_role("button", name="Inscrire", exact=True).click()
    phone.get_by_role("link", name="Régler mon panier").click()
    phone.get_by_role("link", name="Finaliser mes inscriptions").click()

    expect(phone.get_by_label("Utiliser mon crédit")).to_be_checked()
    totals = phone.get_by_role("complementary", name="Récapitulatif de la commande")
    expect(totals).to_contain_text(re.compile(r"Crédit utilisé\s*−25,00\s€\s*À payer maintenant\s*25,00\s€"))
    phone.get_by_label("Utiliser mon crédit").uncheck()
    expect(phone.get_by_role("button", name=re.compile(r"^Payer 50,00\s€"))).to_be_visible()
    phone.get_by_label("Utiliser mon crédit").check()
    expect(phone.get_by_role("button", name=re.compile(r"^Payer 25,00\s€"))).to_be_visible()
    pictures(phone, "1-credit")

    phone.get_by_role("button", name=re.compile("^Payer")).click()
    family.pay_on_hosted_page(phone)
    expect(phone).to_have_url(re.compile("/confirmation/"))
    expect(phone.get_by_role("heading", name="C’est confirmé")).to_be_visible()
    expect(phone.get_by_text(re.compile("Reste à payer à"))).to_have_count(0)
    pictures(phone, "2-confirmation")
