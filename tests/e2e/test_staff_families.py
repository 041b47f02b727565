"""Staff with a family on the telephone: each step is a heading and a button that can be said aloud."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.axe import violations
from tests.e2e import family

ORGANISATION = "school_board_qc"


def look(page: Page, width: int) -> None:
    assert violations(page) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth") == width, page.url


def found(page: Page, name: str) -> None:
    page.get_by_label(re.compile("^Nom, courriel ou numéro")).fill(name)
    page.get_by_role("button", name="Chercher").click()
    page.get_by_role("link", name="Lapointe John", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lapointe John")


@pytest.mark.line("S2-03", "O-01")
def test_a_clerk_finds_a_child_and_settles_the_weeks_of_a_parent(demo, phone):
    family.sign_in_staff(phone, demo, ORGANISATION, "owner", path="/gestion/familles")
    look(phone, 360)

    # By the number on the report card: guests of the same name are children of their own.
    found(phone, "1234567")
    look(phone, 360)
    phone.get_by_role("link", name=re.compile("^Droits et garde")).first.click()
    phone.get_by_label("Semaines").first.select_option(label="Semaines paires")
    phone.get_by_role("button", name="Voir les 12 prochaines semaines").click()
    expect(phone.locator("#semaines tbody tr")).to_have_count(12)
    look(phone, 360)
    # Kept for every week: the family registers in other tests.
    phone.get_by_label("Semaines").first.select_option(label="Toutes")
    phone.get_by_role("button", name="Enregistrer").click()
    expect(phone.get_by_text("Les droits et la garde sont enregistrés.")).to_be_visible()
    expect(phone.get_by_text("Toutes les semaines")).to_be_visible()


@pytest.mark.line("S2-03")
def test_every_page_of_families_bars_nobody_s_way(demo, desk):
    family.sign_in_staff(desk, demo, ORGANISATION, "owner", path="/gestion/familles")
    desk.wait_for_load_state()
    width = desk.evaluate("document.documentElement.scrollWidth")
    found(desk, "1234567")
    record = urlsplit(desk.url).path
    adult = desk.get_by_role("link", name="Lapointe Marie").first.get_attribute("href")
    link = desk.get_by_role("link", name=re.compile("^Droits et garde")).first.get_attribute("href")
    rest = ("parents", "demandes", "doublons", "lettres")

    for address in (
        *(f"/gestion/familles/{page}" for page in rest),
        *(f"{record}/{page}" for page in ("corriger", "sante", "rattacher")),
        adult,
        *(f"{adult}/{page}" for page in ("courriel", "facturation", "compte")),
        f"{link}/bloquer",
    ):
        desk.goto(demo.url(ORGANISATION, address))
        look(desk, width)
