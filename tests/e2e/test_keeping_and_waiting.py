"""A family keeps its places longer, loses them, waits for what is full, is offered it and answers (S4, O-06)."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.axe import violations
from tests.e2e import family
from tests.e2e.weeks import COMMUNE, empty, sheet, week

SLUG = "plaines-ete-primaires"
PICTURED = "Petits cuisiniers"


@pytest.fixture
def listed(demo):
    """The camps of the summer have a waiting list for the time of a test."""
    demo.offering(COMMUNE, SLUG, waiting={"mode": "automatic", "offer_hours": 24, "on_refusal": "keep"})
    yield
    demo.offering(COMMUNE, SLUG, waiting={})


def take(page: Page, number: int, name: str) -> None:
    week(page, number).get_by_role("radio", name=re.compile(name)).check()


def confirm(page: Page) -> None:
    page.get_by_role("button", name="Inscrire", exact=True).click()


def put_places(page: Page, demo, name: str, places: int) -> None:
    """By staff, in the workplace."""
    page.goto(demo.url(COMMUNE, f"/gestion/activites/{SLUG}"))
    row = page.get_by_role("row", name=re.compile(f"^{name}"))
    row.get_by_label(re.compile("^Nombre de places")).fill(str(places))
    row.get_by_role("button", name=re.compile("^Changer")).click()
    expect(page.get_by_text("Le nombre de places est enregistré.")).to_be_visible()
    expect(row.get_by_label(re.compile("^Nombre de places"))).to_have_value(str(places))


@pytest.mark.line("S4-33", "S4-34")
def test_a_hold_about_to_end_is_kept_longer_by_one_press(demo, hugo, picture, pictures):
    take(hugo, 3, "Cirque")
    confirm(hugo)
    expect(hugo.get_by_role("heading", name="Ajouté au panier")).to_be_visible()
    demo.hurry(COMMUNE, seconds=115)
    hugo.goto(demo.url(COMMUNE, "/panier"))

    pinned = hugo.locator(".hold-ending")
    expect(pinned).to_contain_text(re.compile(r"Il reste 01:\d\d"))
    expect(pinned).to_be_in_viewport()
    pictures(hugo, "1-ending")
    hugo.get_by_role("button", name="Garder mes places plus longtemps").click()

    expect(hugo.get_by_text(re.compile("^Vos places sont gardées jusqu’au"))).to_be_visible()
    family.whole(hugo)
    expect(hugo.locator(".hold-ending")).to_have_count(0)
    assert violations(hugo) == []
    picture(hugo, "2-kept-longer")
    empty(hugo, demo)


def test_what_was_lost_is_named_and_taken_again(demo, hugo, picture):
    take(hugo, 3, "Cirque")
    confirm(hugo)
    expect(hugo.get_by_role("heading", name="Ajouté au panier")).to_be_visible()
    demo.hurry(COMMUNE, seconds=-1)
    until = time.monotonic() + 80
    hugo.goto(demo.url(COMMUNE, "/panier"))
    while not hugo.get_by_role("button", name="Reprendre ces places").count():
        assert time.monotonic() < until, "The worker did not free what had run out."
        hugo.wait_for_timeout(2000)
        hugo.reload()

    expect(hugo.get_by_role("region", name="Le délai est écoulé pour ces places")).to_contain_text("Cirque")
    assert violations(hugo) == []
    picture(hugo, "lost")
    hugo.get_by_role("button", name="Reprendre ces places").dblclick()
    expect(hugo.get_by_text("Places gardées jusqu’au")).to_be_visible()
    family.whole(hugo)
    expect(hugo.get_by_role("listitem").filter(has_text="Cirque")).to_have_count(1)
    empty(hugo, demo)


@pytest.mark.line("S4-31", "S4-32")
def test_where_one_filled_up_the_family_says_what_it_wants(demo, hugo, listed, picture):
    sheet(hugo, demo)
    take(hugo, 4, "Cabanes et nuit sous tente")
    take(hugo, 3, "Cirque")
    with demo.full(COMMUNE, "PP7"):
        confirm(hugo)

        expect(hugo.get_by_role("alert").first).to_contain_text("Il ne reste plus assez de places")
        expect(hugo.get_by_text(re.compile("^Complet\u202f: Cabanes"))).to_be_visible()
        assert violations(hugo) == []
        picture(hugo, "1-choose")
        hugo.get_by_role("button", name="Prendre ce qui reste et attendre le reste").click()

        expect(hugo.get_by_role("heading", name="Ajouté au panier")).to_be_visible()
        expect(hugo.get_by_role("region", name="En liste d’attente")).to_contain_text("1er en liste d’attente")
        assert violations(hugo) == []
        picture(hugo, "2-both")
    empty(hugo, demo)


@pytest.mark.line("O-06")
def test_a_place_that_comes_free_is_offered_by_mail_and_refused_or_taken(demo, hugo, desk, listed, picture):
    sheet(hugo, demo)
    cooks = week(hugo, 2).get_by_role("radio", name=re.compile(PICTURED))
    expect(week(hugo, 2)).to_contain_text("Complet\u202f: choisissez-le pour la liste d’attente.")
    cooks.check()
    assert violations(hugo) == []
    picture(hugo, "1-form")
    confirm(hugo)
    expect(hugo.get_by_role("heading", name="Mes listes d’attente")).to_be_visible()
    expect(hugo.get_by_text("1er en liste d’attente")).to_be_visible()
    assert violations(hugo) == []
    picture(hugo, "2-rank")

    family.sign_in_staff(desk, demo, COMMUNE, "programme_manager")
    put_places(desk, demo, PICTURED, 1)
    assert demo.mails(demo.guardian(COMMUNE)["email"], about="Une place vous est proposée")
    hugo.reload()
    expect(hugo.get_by_text("Répondez avant le")).to_be_visible()
    assert violations(hugo) == []
    picture(hugo, "3-offer")
    hugo.get_by_role("link", name=re.compile("^Refuser")).click()
    expect(hugo.get_by_text("vous gardez votre rang")).to_be_visible()
    assert violations(hugo) == []
    picture(hugo, "4-refuse")
    hugo.get_by_role("link", name="Garder la place proposée").click()
    expect(hugo.get_by_role("heading", name="Mes listes d’attente")).to_be_visible()
    hugo.goto(demo.url(COMMUNE, "/panier"))
    expect(hugo.get_by_text("Place proposée")).to_be_visible()
    picture(hugo, "5-basket")
    hugo.goto(demo.url(COMMUNE, "/listes-d-attente"))
    hugo.get_by_role("link", name=re.compile("^Refuser")).click()
    hugo.get_by_role("button", name="Refuser la place").click()
    expect(hugo.get_by_text("La place est refusée.")).to_be_visible()
    empty(hugo, demo)
    put_places(desk, demo, PICTURED, 0)


@pytest.mark.line("S4-37", "S4-38", "S4-39", "S4-40")
def test_the_listing_of_each_child_leads_to_the_payment_or_gives_up(demo, hugo, picture):
    take(hugo, 3, "Cirque")
    take(hugo, 5, "Détectives")
    confirm(hugo)
    expect(hugo.get_by_role("heading", name="Ajouté au panier")).to_be_visible()
    hugo.goto(demo.url(COMMUNE, "/"))
    hugo.get_by_role("link", name="Finaliser mes inscriptions").click()

    child = hugo.get_by_role("region", name="Delvaux Hugo")
    expect(child.get_by_role("listitem")).to_have_count(2)
    assert violations(hugo) == []
    picture(hugo, "1-listing")
    hugo.get_by_role("link", name="Valider").click()
    expect(hugo.get_by_role("heading", name="Résumé des informations")).to_be_visible()
    hugo.goto(demo.url(COMMUNE, "/panier/finaliser"))
    hugo.get_by_role("link", name="Abandonner Delvaux Hugo").click()
    expect(hugo.get_by_role("heading", name=re.compile("^Hugo.: abandonner ces inscriptions"))).to_be_visible()
    assert violations(hugo) == []
    picture(hugo, "2-give-up")
    hugo.get_by_role("button", name="Abandonner").click()
    expect(hugo.get_by_text("Les places sont libérées.")).to_be_visible()
