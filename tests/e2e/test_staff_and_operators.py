"""The same money seen by the staff, and a new organisation brought on by an operator."""

import re
import secrets

import pytest
from playwright.sync_api import expect

from tests.e2e import family
from tests.e2e.test_s1_guest import a_filled_sheet, an_address


def test_the_money_of_a_family_is_in_the_staffs_list_and_in_the_ledger(demo, phone, desk, picture):
    address = an_address()
    a_filled_sheet(phone, demo, address)
    family.confirm_sheet(phone)
    phone.get_by_role("button", name=re.compile("^Payer")).click()
    family.pay_on_hosted_page(phone)
    reference = family.reference(phone)

    family.sign_in_staff(desk, demo, "school_board_qc", "finance")
    desk.goto(demo.url("school_board_qc", "/gestion/"))
    picture(desk, "1-today")
    desk.goto(demo.url("school_board_qc", "/gestion/inscriptions"))
    expect(desk.get_by_text("Lapointe John").first).to_be_visible()
    picture(desk, "2-registrations")
    desk.goto(demo.url("school_board_qc", f"/gestion/commandes/{reference}"))
    expect(desk.get_by_text(reference).first).to_be_visible()
    expect(desk.get_by_text("16,50\u00a0$").first).to_be_visible()
    expect(desk.get_by_text("Chez le processeur de paiement").first).to_be_visible()
    picture(desk, "3-order-and-ledger")
    desk.goto(demo.url("school_board_qc", "/gestion/finances"))
    picture(desk, "4-money")


def test_a_family_has_no_business_in_the_workplace(demo, phone):
    family.sign_in(phone, demo.url("school_board_qc", "/connexion"), *demo.login("school_board_qc", "guardian"))
    family.is_signed_in(phone)

    answer = phone.goto(demo.url("school_board_qc", "/gestion/"))

    assert answer.status == 403


def test_an_operator_brings_on_an_organisation(demo, desk, picture):
    operator = demo.facts["platform"]["operator"]
    family.sign_in(desk, demo.platform("/connexion?next=/console"), operator["email"], operator["password"])
    family.show_second_factor(desk, operator["totp_secret"])
    expect(desk.get_by_role("link", name="Nouvelle organisation").first).to_be_visible()
    picture(desk, "1-console")

    desk.get_by_role("link", name="Nouvelle organisation").first.click()
    slug = f"essai-{secrets.token_hex(3)}"
    expect(desk.get_by_role("button", name="Ouvrir l’organisation")).to_be_visible()
    desk.get_by_label(re.compile("^Nom")).first.fill("Ville d’Essai")
    desk.get_by_label(re.compile("^Adresse")).fill(slug)
    desk.get_by_label(re.compile("^Genre")).select_option(label="Ville (Québec)")
    picture(desk, "2-new")
    desk.get_by_role("button", name="Ouvrir l’organisation").click()
    expect(desk.get_by_text("En service").first).to_be_visible(timeout=30_000)
    picture(desk, "3-ready")

    host = demo.platform("/").replace("//localhost", f"//{slug}.localhost")
    assert desk.goto(host).status == 200
    expect(desk.get_by_text("Ville d’Essai").first).to_be_visible()


@pytest.mark.line("S3-39")
def test_the_language_is_the_readers_choice_and_french_comes_first(demo, phone):
    phone.goto(demo.url("school_board_qc", "/activites"))
    expect(phone.locator("html")).to_have_attribute("lang", "fr")

    phone.get_by_role("button", name="English").first.click()

    expect(phone.locator("html")).to_have_attribute("lang", "en")
    expect(phone).to_have_url(re.compile("/activites"))
