"""A colleague is invited and comes in; colours are chosen with the keyboard; a new site opens to families."""

import re
import secrets
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from deploy.embedded import totp
from tests.axe import violations
from tests.e2e import family
from tests.e2e.demo import Demo
from tests.e2e.family import label
from tests.e2e.test_offering_editor import press

BOARD = "school_board_on"
PAGES = ["", "personnel", "personnel/inviter", "reglages", "reglages/identite", "etablissements", "premier-jour/essai"]
PASSWORD = "une-phrase-assez-longue"


def test_a_colleague_is_invited_and_comes_in_with_a_second_factor(
    demo: Demo, desk: Page, phone: Page, picture: Callable[..., Any]
) -> None:
    address = f"ines.{secrets.token_hex(4)}@conseil.example"
    family.sign_in_staff(desk, demo, BOARD, "owner", "/gestion/personnel/inviter")
    desk.get_by_label(label("Courriel")).fill(address)
    desk.get_by_label(label("Prénom")).fill("Inès")
    desk.get_by_label(label("Nom")).fill("Vitée")
    desk.get_by_role("radio", name=re.compile("^Finances")).check()
    picture(desk, "1-invite")
    press(desk, "Envoyer l’invitation")
    expect(desk.get_by_role("row").filter(has_text=address).get_by_text("Invité", exact=True)).to_be_visible()
    picture(desk, "2-people")

    [mail] = demo.mails(address, about="invité")
    [link] = set(re.findall(r"https?://\S+/gestion/bienvenue/[\w:.~-]+", mail.get_body(("plain",)).get_content()))
    phone.goto(link)
    expect(phone.get_by_role("heading", name="Bienvenue")).to_be_visible()
    assert violations(phone) == []
    picture(phone, "3-welcome")
    phone.get_by_label(label("Mot de passe")).fill(PASSWORD)
    phone.get_by_label(label("Confirmer le mot de passe")).fill(PASSWORD)
    press(phone, "Choisir ce mot de passe et entrer")
    phone.get_by_role("link", name="Activer une application d’authentification").click()
    secret = phone.get_by_label("Clé à recopier").inner_text().strip()
    phone.get_by_label(label("Code")).fill(totp.code(secret, at=time.time()))
    press(phone, "Activer")

    phone.goto(demo.url(BOARD, "/gestion/"))
    expect(phone.get_by_role("heading", name="Aujourd’hui")).to_be_visible()
    over = phone.goto(link)
    assert over is not None
    assert over.status == 410
    assert violations(phone) == []
    picture(phone, "4-over")


def test_a_colour_is_chosen_with_the_keyboard_and_seen_before_it_is_kept(
    demo: Demo, desk: Page, picture: Callable[..., Any]
) -> None:
    family.sign_in_staff(desk, demo, BOARD, "owner", "/gestion/reglages/identite")
    preview = desk.get_by_role("img", name="Aperçu en clair")
    colour = desk.get_by_label(label("Couleur principale"))
    desk.get_by_label(label("Adresse")).focus()
    desk.keyboard.press("Tab")
    expect(colour).to_be_focused()
    colour.fill("#7a1f5c")  # What the browser's own picker writes.

    expect(desk.locator("link[href*='apercu.css?brand=%237a1f5c']")).to_have_count(1)
    expect(preview.locator(".brand-preview-band")).to_have_css("background-color", "rgb(122, 31, 92)")
    colour.fill("#fffff0")
    expect(desk.get_by_text("Trop pâle").first).to_be_visible()
    assert violations(desk) == []
    picture(desk, "1-too-pale")
    press(desk, "Enregistrer")
    expect(desk.get_by_role("heading", name=re.compile("problème|erreur", re.I)).first).to_be_visible()


@pytest.mark.parametrize("wide", [False, True], ids=["phone", "desk"])
def test_the_pages_of_the_first_day_are_for_everybody(
    demo: Demo, phone: Page, desk: Page, wide: bool, picture: Callable[..., Any]
) -> None:
    page = desk if wide else phone
    for path in PAGES:
        family.sign_in_staff(page, demo, BOARD, "owner", f"/gestion/{path}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        picture(page, path.replace("/", "-") or "home")
