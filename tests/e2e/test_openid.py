"""Coming in with an identity, and the work that a browser does unseen before a form without an account is taken."""

import re
import secrets

import pytest
from playwright.sync_api import Page, expect

from tests import axe
from tests.e2e import family
from tests.e2e.test_s1_account import PASSWORD, the_code


def come_in(page: Page, demo, organisation: str, provider: str, person: str) -> None:
    page.goto(demo.url(organisation, "/connexion"))
    page.get_by_role("link", name=f"Se connecter avec {provider}").click()
    page.get_by_role("button", name=person).click()


@pytest.mark.line("S4-02", "S4-05", "S4-06", "S4-07")
def test_a_citizen_registers_with_the_identity_card_and_comes_back_with_it(demo, phone, picture):
    address = f"simon-{secrets.token_hex(4)}@famille.example"
    phone.goto(demo.url("commune_be", "/connexion"))
    assert axe.violations(phone) == []
    picture(phone, "1-connection")
    phone.get_by_role("link", name="Se connecter avec eID ou itsme (simulation)").click()
    expect(phone.get_by_text("personne ne vérifie rien ici")).to_be_visible()
    assert axe.violations(phone) == []
    picture(phone, "2-provider")
    phone.get_by_role("button", name="Simon Lambert").click()

    expect(phone.get_by_role("heading", name="S’enregistrer en tant que parent")).to_be_visible()
    expect(phone.get_by_text("ne peut pas être modifié ici")).to_be_visible()
    family.whole(phone)
    expect(phone.get_by_role("textbox")).to_have_count(2)
    assert axe.violations(phone) == []
    picture(phone, "3-register")
    phone.get_by_label(re.compile("^Courriel")).fill(address)
    phone.get_by_role("button", name="S’enregistrer en tant que parent").click()
    phone.get_by_label(re.compile("^Code")).fill(the_code(demo, address))
    phone.get_by_role("main").get_by_role("button", name=re.compile("Confirmer|Continuer")).first.click()
    expect(phone.get_by_text("Compte", exact=True).first).to_be_visible()

    _code, letter = demo.mails(address, 2)
    assert "Votre enregistrement est effectué" in letter["Subject"]
    assert address in letter.get_body(("plain",)).get_content()
    phone.context.clear_cookies()
    come_in(phone, demo, "commune_be", "eID ou itsme (simulation)", "Simon Lambert")
    expect(phone.get_by_text("Compte", exact=True).first).to_be_visible()


@pytest.mark.line("S3-01")
def test_the_account_of_the_boards_portal_is_joined_to_the_one_that_is_there(demo, desk, picture):
    come_in(desk, demo, "school_board_on", "Portail des parents (simulation)", "Daniel Mbeki")

    expect(desk.get_by_role("heading", name="Relier votre compte")).to_be_visible()
    assert axe.violations(desk) == []
    picture(desk, "link")
    _email, password = demo.login("school_board_on", "guardian")
    desk.get_by_label(family.label("Mot de passe")).fill(password)
    desk.get_by_role("button", name="Relier mon compte").click()
    expect(desk.get_by_text("la prochaine fois, connectez-vous avec votre identité")).to_be_visible()


def test_who_gives_up_is_back_at_the_page_of_connection(demo, phone):
    phone.goto(demo.url("commune_be", "/connexion"))
    phone.get_by_role("link", name="Se connecter avec eID").click()
    phone.get_by_role("link", name="Annuler et revenir").click()

    expect(phone.get_by_text("rien n’a changé")).to_be_visible()


@pytest.mark.line("S1-06")
def test_a_browser_does_the_work_by_itself_while_one_types(demo, phone, picture):
    phone.goto(demo.url("school_board_qc", "/inscription"))
    assert axe.violations(phone) == []

    expect(phone.get_by_text("Vérifié\u202f: vous n’êtes pas un robot.")).to_be_visible()
    picture(phone, "verified")


@pytest.mark.line("S1-06")
def test_a_form_sent_before_the_work_is_done_waits_for_it(demo, phone):
    address = f"compte-{secrets.token_hex(4)}@famille.example"
    # The worker comes late: the form is filled in and sent before it.
    phone.route(re.compile("robot_worker"), lambda route: (phone.wait_for_timeout(1500), route.continue_()))
    phone.goto(demo.url("school_board_qc", "/inscription"))
    phone.get_by_label(family.label("Courriel")).fill(address)
    phone.get_by_label(family.label("Mot de passe")).fill(PASSWORD)
    phone.get_by_label(family.label("Confirmer le mot de passe")).fill(PASSWORD)
    sent = []
    phone.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    phone.get_by_role("button", name="S’inscrire").evaluate("button => { button.click(); button.click(); }")

    expect(phone.get_by_label(re.compile("^Code"))).to_be_visible(timeout=15_000)
    assert len(sent) == 1


@pytest.mark.line("S1-06")
def test_without_javascript_one_registers_after_a_moment(demo, visitor):
    page = visitor(javascript=False).new_page()
    address = f"compte-{secrets.token_hex(4)}@famille.example"
    page.goto(demo.url("school_board_qc", "/inscription"))
    page.get_by_label(family.label("Courriel")).fill(address)
    page.get_by_label(family.label("Mot de passe")).fill(PASSWORD)
    page.get_by_label(family.label("Confirmer le mot de passe")).fill(PASSWORD)
    page.wait_for_timeout(5200)
    page.get_by_role("button", name="S’inscrire").click()

    expect(page.get_by_label(re.compile("^Code"))).to_be_visible(timeout=15_000)
