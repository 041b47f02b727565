"""The sheet of the commune's camps, and giving back what was held on it."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.e2e import family
from tests.e2e.demo import Demo

COMMUNE = "commune_be"
CAMPS = "/activites/plaines-ete-primaires"


def of_hugo(page: Page, demo: Demo) -> None:
    """The guardian's own sheet for Hugo, who is in 3e primaire; nothing is held."""
    family.sign_in(page, demo.url(COMMUNE, "/connexion"), *demo.login(COMMUNE, "guardian"))
    empty(page, demo)
    sheet(page, demo)


def sheet(page: Page, demo: Demo) -> None:
    page.goto(demo.url(COMMUNE, f"{CAMPS}/inscription"))
    page.get_by_role("link", name=re.compile("^Choisir Delvaux Hugo")).click()
    expect(page.get_by_role("heading", name="Choisissez vos semaines")).to_be_visible()
    family.whole(page)


def week(page: Page, number: int) -> Locator:
    return page.get_by_role("group", name=re.compile(f"^Semaine {number}\\b"))


def give_back(page: Page, demo: Demo) -> None:
    page.goto(demo.url(COMMUNE, "/panier"))
    page.get_by_role("link", name="Abandonner tout le panier").click()
    page.get_by_role("button", name="Abandonner").click()
    expect(page.get_by_text("Votre panier est vide. Les places sont libérées.")).to_be_visible()


def empty(page: Page, demo: Demo) -> None:
    """What was held or waited for is for the others again."""
    page.goto(demo.url(COMMUNE, "/panier"))
    if page.get_by_role("link", name="Abandonner tout le panier").count():
        give_back(page, demo)
    page.goto(demo.url(COMMUNE, "/listes-d-attente"))
    while page.get_by_role("link", name=re.compile("^Quitter cette liste")).count():
        page.get_by_role("link", name=re.compile("^Quitter cette liste")).first.click()
        page.get_by_role("button", name="Quitter cette liste").click()
        expect(page.get_by_text("Vous avez quitté la liste d’attente.")).to_be_visible()
        family.whole(page)
