"""With an account: signing up by a code, children typed once, and everything found again afterwards."""

import re
import secrets

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import family

PASSWORD = "un-prénom-et-3-arbres"


def the_code(demo, address: str) -> str:
    [mail] = demo.mails(address)
    return re.search(
        r"^\s*([A-Z0-9]{3,}(?:-[A-Z0-9]{3,})*)\s*$", mail.get_body(("plain",)).get_content(), re.MULTILINE
    )[1]


def sign_up(page: Page, demo) -> str:
    address = f"compte-{secrets.token_hex(4)}@famille.example"
    page.get_by_label(family.label("Courriel")).fill(address)
    page.get_by_label(family.label("Mot de passe")).fill(PASSWORD)
    page.get_by_label(family.label("Confirmer le mot de passe")).fill(PASSWORD)
    page.get_by_role("button", name="S’inscrire").click()
    page.get_by_label(re.compile("^Code")).fill(the_code(demo, address))
    page.get_by_role("main").get_by_role("button", name=re.compile("Confirmer|Continuer")).first.click()
    family.is_signed_in(page)
    return address


def add_child(page: Page, first_name: str, school: str = "École du Dôme") -> None:
    page.get_by_role("link", name="Ajouter un enfant").first.click()
    page.get_by_label(family.label("Nom de l’élève")).fill("Lapointe")
    page.get_by_label(family.label("Prénom de l’élève")).fill(first_name)
    page.get_by_label(family.label("Groupe-repère")).fill("881")
    page.get_by_label(family.label("Niveau scolaire")).select_option(label="2e année")
    page.get_by_label(family.label("École")).select_option(label=school)
    page.get_by_label(family.label("Nom de l’enseignant")).fill("Mme Laplante")
    page.get_by_role("button", name="Ajouter").click()
    expect(page.get_by_text(f"Lapointe {first_name}").first).to_be_visible()


def name_the_parent(page: Page) -> None:
    page.get_by_label(family.label("Nom de l’autorité parentale")).fill("Lapointe")
    page.get_by_label(family.label("Prénom de l’autorité parentale")).fill("Marie")


@pytest.mark.line("S1-03", "S1-06", "S1-08", "S1-10", "S1-11", "S1-13", "S1-14", "S1-15", "S1-16", "S1-23", "S1-24")
@pytest.mark.line("S1-32")
def test_a_family_signs_up_on_the_way_and_pays(demo, phone, picture):
    phone.goto(demo.url("school_board_qc", "/activites/biscuits-feuille-erable"))
    phone.get_by_role("link", name="Commander").first.click()
    phone.get_by_role("link", name=re.compile("Inscrivez-vous")).click()
    expect(phone.get_by_label(family.label("Confirmer le mot de passe"))).to_be_visible()
    picture(phone, "1-sign-up")
    address = sign_up(phone, demo)

    phone.goto(demo.url("school_board_qc", "/profil"))
    add_child(phone, "John", school="École des Trois-Saisons (Lavictoire)")
    picture(phone, "2-profile")

    phone.goto(demo.url("school_board_qc", "/activites/biscuits-feuille-erable/inscription"))
    phone.get_by_label(re.compile("^Choisir un enfant")).select_option(label="Lapointe John")
    expect(phone.get_by_label(family.label("Groupe-repère"))).to_have_value("881")
    # What is typed while the sheet is being filled in again would be lost: the fields wait.
    name_the_parent(phone)
    family.quantities(phone)[0].fill("10")
    picture(phone, "3-sheet-filled-by-itself")
    family.confirm_sheet(phone)
    expect(phone.get_by_text("101 – ").first).to_be_visible()
    phone.get_by_role("button", name="Payer 10,00\u00a0$ et s’inscrire").click()
    family.pay_on_hosted_page(phone)
    expect(phone).to_have_url(re.compile("/confirmation/"))

    phone.goto(demo.url("school_board_qc", "/profil"))
    expect(phone.get_by_text(re.compile("Biscuits feuille d’érable")).first).to_be_visible()
    phone.goto(demo.url("school_board_qc", "/mon-dossier/comptes-et-recus"))
    expect(phone.get_by_text("10,00\u00a0$").first).to_be_visible()
    picture(phone, "4-accounts-and-receipts")
    # The code, the welcome, the registration and the payment.
    assert len(demo.mails(address, count=4)) == 4


@pytest.mark.line("S1-04", "S1-05", "S1-12")
def test_staying_signed_in_lasts_fourteen_days_or_until_the_browser_closes(demo, visitor):
    email, password = demo.login("school_board_qc", "guardian")
    lasting = {}
    for stays in (True, False):
        context = visitor()
        page = context.new_page()
        page.goto(demo.url("school_board_qc", "/connexion"))
        page.get_by_label(family.label("Courriel")).fill(email)
        page.get_by_label(family.label("Mot de passe")).fill(password)
        page.get_by_label("Restez connecté pour 14 jours").set_checked(stays)
        page.get_by_role("button", name="Se connecter").click()
        family.is_signed_in(page)
        [session] = [cookie for cookie in context.cookies() if "session" in cookie["name"]]
        lasting[stays] = session["expires"]
        now = page.evaluate("Date.now() / 1000")

    assert lasting[False] == -1
    assert abs(lasting[True] - now - 14 * 24 * 3600) < 60


@pytest.mark.line("S1-07")
def test_two_passwords_that_differ_are_told_at_the_field(demo, phone):
    phone.goto(demo.url("school_board_qc", "/inscription"))
    phone.get_by_label(family.label("Courriel")).fill("quelquun@famille.example")
    phone.get_by_label(family.label("Mot de passe")).fill(PASSWORD)
    phone.get_by_label(family.label("Confirmer le mot de passe")).fill(PASSWORD + "!")
    phone.get_by_role("button", name="S’inscrire").click()

    expect(phone.get_by_label(family.label("Confirmer le mot de passe"))).to_have_attribute("aria-invalid", "true")
    expect(phone.get_by_label(family.label("Courriel"))).to_have_value("quelquun@famille.example")


@pytest.mark.line("S1-17")
def test_removing_a_child_keeps_the_history(demo, phone):
    phone.goto(demo.url("school_board_qc", "/inscription"))
    sign_up(phone, demo)
    phone.goto(demo.url("school_board_qc", "/profil"))
    add_child(phone, "Zoé")
    phone.goto(demo.url("school_board_qc", "/activites/club-de-lecture/inscription"))
    for box in phone.get_by_role("radio").all()[:1] or phone.get_by_role("checkbox").all()[:1]:
        box.check()
    name_the_parent(phone)
    family.confirm_sheet(phone)
    phone.get_by_role("button", name="Confirmer l’inscription").click()
    expect(phone).to_have_url(re.compile("/confirmation/"))

    phone.goto(demo.url("school_board_qc", "/profil"))
    phone.get_by_role("link", name=re.compile("^Supprimer")).first.click()
    phone.get_by_role("button", name=re.compile("^Supprimer")).click()

    expect(phone.get_by_text("Lapointe Zoé ne figure plus dans votre liste.")).to_be_visible()
    family.whole(phone)
    expect(phone.get_by_role("link", name=re.compile("^Modifier"))).to_have_count(0)
    expect(phone.get_by_text("Club de lecture").first).to_be_visible()
