"""Two homes of one child: an invitation by mail, each parent's own weeks, nothing of the other's address."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import family
from tests.e2e.test_s1_account import sign_up

SECRETS = ("12, rue des Érables", "819-555-0177")


def a_child_with_an_address(page: Page) -> None:
    page.get_by_role("link", name="Ajouter un enfant").first.click()
    page.get_by_label(family.label("Nom de l’élève")).fill("Tremblay")
    page.get_by_label(family.label("Prénom de l’élève")).fill("Flore")
    page.get_by_label(family.label("Adresse")).first.fill(SECRETS[0])
    page.get_by_label(family.label("Numéro de téléphone en cas d’urgence")).fill(SECRETS[1])
    page.get_by_label(family.label("Nom de l’autorité parentale")).fill("Tremblay")
    page.get_by_label(family.label("Prénom de l’autorité parentale")).fill("Rose")
    page.get_by_role("button", name="Ajouter").click()
    expect(page.get_by_text("Tremblay Flore").first).to_be_visible()


@pytest.mark.line("O-01", "S3-09")
def test_a_parent_invites_the_other_who_accepts_and_learns_no_address(demo, visitor, picture):
    mother, father = visitor().new_page(), visitor().new_page()
    mother.goto(demo.url("school_board_qc", "/inscription"))
    sign_up(mother, demo)
    mother.goto(demo.url("school_board_qc", "/profil"))
    a_child_with_an_address(mother)
    mother.goto(demo.url("school_board_qc", "/profil"))
    mother.get_by_role("link", name="Tremblay Flore", exact=True).click()
    father.goto(demo.url("school_board_qc", "/inscription"))
    address = sign_up(father, demo)

    mother.get_by_role("link", name="Inviter un autre responsable").click()
    mother.get_by_label(family.label("Son courriel")).fill(address)
    mother.get_by_label(re.compile("^Les semaines paires")).check()
    picture(mother, "1-invite")
    mother.get_by_role("button", name="Envoyer l’invitation").click()
    expect(mother.get_by_text("Invitation envoyée")).to_be_visible()
    # After the code and the welcome of the account itself.
    mail = demo.mails(address, count=3)[-1].get_body(("plain",)).get_content()
    father.goto(re.search(r"https?://\S+/invitation\?code=\w+", mail)[0])
    picture(father, "2-invitation")
    expect(father.get_by_role("heading", name="Rose Tremblay vous invite à suivre Flore")).to_be_visible()
    expect(father.get_by_text("Les semaines paires")).to_be_visible()
    father.get_by_role("button", name="Accepter").click()
    father.get_by_label(family.label("Prénom")).fill("Georges")
    father.get_by_label(family.label("Nom")).fill("Roy")
    father.get_by_role("button", name="Enregistrer").click()

    expect(father.get_by_role("heading", name="Parents et responsables")).to_be_visible()
    picture(father, "3-child")
    for page in ("/profil", "/mon-dossier", father.url.split("/", 3)[3], father.url.split("/", 3)[3] + "/modifier"):
        father.goto(demo.url("school_board_qc", "/" + page.lstrip("/")))
        expect(father.get_by_text(re.compile("Flore")).first).to_be_attached()
        for secret in SECRETS:
            assert secret not in father.content()
