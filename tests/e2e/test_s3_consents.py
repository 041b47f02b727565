"""Ontario's consents in a browser: the parent answers on a telephone, takes it back, and staff see it."""

import re

import pytest
from playwright.sync_api import expect

from tests.axe import violations
from tests.e2e import family

BOARD = "school_board_on"
PAGE = "/mon-dossier/autorisations"


def sign_in(demo, page) -> None:
    family.sign_in(page, demo.url(BOARD, f"/connexion?next={PAGE}"), *demo.login(BOARD, "guardian"))


def answer(page, title: str, decision: str) -> None:
    page.get_by_role("link", name=re.compile(f"^Répondre.*{title}")).first.click()
    page.get_by_label(decision).check()
    page.get_by_label(re.compile("^Votre prénom et votre nom")).fill("Daniel Mbeki")
    page.get_by_role("button", name="Enregistrer ma réponse").click()
    expect(page.get_by_text("Votre réponse est enregistrée.")).to_be_visible()


@pytest.mark.line("S3-05")
@pytest.mark.line("S3-27")
def test_a_parent_answers_on_a_telephone_and_takes_it_back(demo, phone, picture):
    sign_in(demo, phone)
    phone.goto(demo.url(BOARD, PAGE))
    picture(phone, "1-to-answer")
    assert violations(phone) == []

    answer(phone, "Photos et vidéos", "Oui, j’autorise")
    # The next question is at hand; the list is where an answer is taken back.
    expect(phone.get_by_label(re.compile("^Votre prénom et votre nom"))).to_have_value(re.compile("Mbeki"))
    phone.goto(demo.url(BOARD, PAGE))
    phone.get_by_role("link", name=re.compile("^Retirer.*Photos et vidéos")).first.click()
    expect(phone.get_by_role("button", name="Retirer l’autorisation")).to_be_visible()
    assert violations(phone) == []
    phone.get_by_role("button", name="Retirer l’autorisation").click()

    expect(phone.get_by_text("L’autorisation est retirée. Le personnel en est informé.")).to_be_visible()
    expect(phone.get_by_text("Retirée").first).to_be_visible()
    picture(phone, "2-withdrawn")


@pytest.mark.line("S3-04")
def test_a_consent_is_answered_without_a_script(demo, visitor):
    page = visitor(javascript=False).new_page()
    sign_in(demo, page)
    page.goto(demo.url(BOARD, PAGE))

    answer(page, "Utilisation d’Internet", "Non, je n’autorise pas")


@pytest.mark.line("S3-28")
@pytest.mark.line("S3-30")
def test_the_secretary_sees_who_is_silent_and_types_an_answer_with_the_parent_present(demo, desk, picture):
    family.sign_in_staff(desk, demo, BOARD, "owner", path="/gestion/autorisations")
    desk.goto(demo.url(BOARD, "/gestion/autorisations"))
    assert violations(desk) == []
    picture(desk, "1-register")

    desk.goto(demo.url(BOARD, "/gestion/autorisations/tous/sorties-proximite?state=silent"))
    assert violations(desk) == []
    desk.get_by_role("link", name=re.compile("Saisir avec un parent Mbeki")).first.click()
    desk.get_by_label(re.compile("Mbeki Daniel")).check()
    desk.get_by_label("Oui, j’autorise").check()
    desk.get_by_label(re.compile("^Prénom et nom du parent")).fill("Daniel Mbeki")
    desk.get_by_label("Le parent est présent et j’ai vérifié son identité").check()
    desk.get_by_role("button", name="Enregistrer la réponse").click()

    expect(desk.get_by_text("Saisie avec l’aide du secrétariat").first).to_be_visible()
    assert violations(desk) == []
    picture(desk, "2-proof")


@pytest.mark.line("S4-19")
def test_a_question_is_switched_off_previewed_and_published(demo, desk, picture):
    family.sign_in_staff(desk, demo, "commune_be", "owner", path="/gestion/formulaires")
    desk.goto(demo.url("commune_be", "/gestion/formulaires"))
    desk.get_by_role("link", name=re.compile("Fiche santé")).first.click()
    expect(desk.get_by_role("button", name=re.compile("^Activer.*Groupe sanguin"))).to_be_visible()
    assert violations(desk) == []
    picture(desk, "1-editor")

    desk.get_by_role("button", name=re.compile("^Activer.*Groupe sanguin")).click()
    expect(desk.get_by_role("button", name=re.compile("^Désactiver.*Groupe sanguin"))).to_be_visible()
    desk.get_by_role("link", name="Aperçu").click()
    expect(desk.get_by_label(re.compile("^Groupe sanguin"))).to_be_visible()
    desk.get_by_role("link", name="Relire et publier").click()
    expect(desk.get_by_role("heading", name="Relire et publier")).to_be_visible()
    expect(desk.get_by_text("Groupe sanguin").first).to_be_visible()
    desk.get_by_role("button", name="Publier").click()

    expect(desk.get_by_text(re.compile("est publié, version 2"))).to_be_visible()
