"""Wishes said before an opening: drawn by staff, or taken with one press at one's turn (O-03, O-04)."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.axe import violations
from tests.e2e import family
from tests.e2e.demo import Demo

CITY = "city_qc"
DRAWN, QUEUED = "Stages d’équitation", "Sorties de neige"
MINH = ("minh.nguyen@famille.example", "preau-demonstration")
Pictures = Callable[[Page, str], None]


def wishes_of(page: Page, demo: Demo, name: str) -> str:
    """Signed in, and on the page of the family's wishes for this opening. Returns the opening's identifier."""
    family.sign_in(page, demo.url(CITY, "/connexion"), *MINH)
    opening = demo.opening(CITY, name)
    page.goto(demo.url(CITY, f"/ouvertures/{opening}/souhaits"))
    return opening


def dark(page: Page, picture: Pictures, name: str) -> None:
    page.emulate_media(color_scheme="dark")
    assert violations(page) == []
    picture(page, f"{name}-dark")
    page.emulate_media(color_scheme="light")


def press(page: Page, name: str | re.Pattern[str]) -> None:
    """By keyboard alone: from the top of the page to the button, and « Enter »."""
    wanted = page.get_by_role("button", name=name)
    expect(wanted).to_be_visible()
    family.whole(page)
    for _ in range(80):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"{name} is not reached by keyboard.")


@pytest.mark.line("O-03")
def test_two_children_tied_together_wish_are_drawn_and_lie_in_the_basket(
    demo: Demo, phone: Page, desk: Page, picture: Pictures, pictures: Pictures
) -> None:
    opening = wishes_of(phone, demo, DRAWN)
    pictures(phone, "1-none")
    phone.get_by_role("link", name="Ajouter un souhait").click()
    expect(phone.get_by_role("heading", name="Pour qui")).to_be_visible()
    for child in ("Linh", "Bao"):
        phone.get_by_role("checkbox", name=re.compile(child)).check()
    pictures(phone, "2-who")
    phone.get_by_role("button", name="Continuer").click()
    for rank, week in ((1, "Première semaine"), (2, "Deuxième semaine")):
        fields = phone.get_by_role("group", name=f"Choix {rank}").get_by_role("combobox")
        expect(fields).to_have_count(2)
        family.whole(phone)
        for field in fields.all():
            field.select_option(label=next(each for each in field.locator("option").all_inner_texts() if week in each))
    pictures(phone, "3-wish")
    phone.get_by_role("button", name="Enregistrer ce souhait").click()
    expect(phone.get_by_text("Ensemble\u202f: tous ont leur place, ou personne.")).to_be_visible()
    pictures(phone, "4-said")
    dark(phone, picture, "4-said")

    press(phone, re.compile("^Descendre le choix 1"))
    expect(phone.locator(".line-name").first).to_contain_text("Deuxième semaine")
    press(phone, re.compile("^Monter le choix 2"))
    expect(phone.locator(".line-name").first).to_contain_text("Première semaine")

    demo.open_now(CITY, opening)
    phone.reload()
    expect(phone.get_by_text("Les souhaits sont clos")).to_be_visible()
    pictures(phone, "5-closed")
    family.sign_in_staff(desk, demo, CITY, "programme_manager", f"/gestion/ouvertures/{opening}/tirage")
    pictures(desk, "6-before-the-draw")
    desk.get_by_role("button", name="Tirer les places au sort").click()
    expect(desk.get_by_role("heading", name="Résultats du tirage")).to_be_visible(timeout=60_000)
    pictures(desk, "7-drawn")

    phone.reload()
    expect(phone.get_by_text("Le tirage a eu lieu")).to_be_visible()
    expect(phone.get_by_text("Obtenu", exact=True)).to_be_visible()
    pictures(phone, "8-results")
    dark(phone, picture, "8-results")
    assert demo.mails(MINH[0], about=f"Résultat du tirage\u202f: {DRAWN}")
    phone.get_by_role("link", name="Voir mon panier").click()
    expect(phone.get_by_role("listitem").filter(has_text="Première semaine")).to_have_count(2)
    pictures(phone, "9-basket")


@pytest.mark.line("O-03")
def test_without_javascript_the_draw_is_followed_by_a_link(
    demo: Demo, desk: Page, visitor: Callable[..., BrowserContext], picture: Pictures, pictures: Pictures
) -> None:
    page = visitor(desk=True, javascript=False).new_page()
    opening = demo.opening(CITY, "La nuit au musée")
    with demo.being_drawn(CITY, opening):
        family.sign_in_staff(page, demo, CITY, "programme_manager", f"/gestion/ouvertures/{opening}/tirage")
        expect(page.get_by_text("Le tirage est en cours")).to_be_visible()
        picture(page, "1-under-way")
        family.sign_in_staff(desk, demo, CITY, "programme_manager", f"/gestion/ouvertures/{opening}/tirage")
        pictures(desk, "2-under-way")
        dark(desk, picture, "2-under-way")
    page.get_by_role("link", name="Actualiser").click()

    expect(page.get_by_role("heading", name="Résultats du tirage")).to_be_visible()
    # Without touching the page: it asks by itself.
    expect(desk.get_by_role("heading", name="Résultats du tirage")).to_be_visible()


@pytest.mark.line("O-04")
def test_at_ones_turn_one_press_takes_what_was_prepared(
    demo: Demo, phone: Page, picture: Pictures, pictures: Pictures
) -> None:
    opening = wishes_of(phone, demo, QUEUED)
    pictures(phone, "1-prepared")
    demo.open_now(CITY, opening)
    phone.goto(demo.url(CITY, f"/ouvertures/{opening}"))
    phone.get_by_role("button", name="Entrer").click(timeout=60_000)
    expect(phone.get_by_role("link", name="Ma liste de souhaits")).to_be_visible()
    pictures(phone, "2-inside")
    phone.get_by_role("link", name="Ma liste de souhaits").click()
    expect(phone.get_by_text("Un seul bouton garde tout ce qui peut l’être")).to_be_visible()
    pictures(phone, "3-at-ones-turn")
    phone.go_back()

    phone.get_by_role("button", name="Prendre mes souhaits").dblclick()

    expect(phone.get_by_text("Vos souhaits sont dans votre panier")).to_be_visible()
    pictures(phone, "4-taken")
    dark(phone, picture, "4-taken")
    phone.get_by_role("link", name="Voir mon panier").click()
    expect(phone.get_by_text("Places gardées jusqu’au").first).to_be_visible()
    for child in ("Linh", "Bao"):
        expect(phone.get_by_text(child).first).to_be_visible()
