"""Openings, waiting lists, shared places and practices in the workplace, on a phone and at a desk."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.axe import violations
from tests.e2e import family
from tests.e2e.demo import Demo

CITY = "city_qc"
_EDITED = "activites/sorties-de-neige/modifier"
PAGES = {
    "ouvertures": "ouvertures",
    "nouvelle": "ouvertures/nouvelle",
    "attente": "activites/hockey-cosom/attente",
    "activite": "activites/sorties-de-neige",
    "inscriptions": f"{_EDITED}/inscriptions",
    "regle": f"{_EDITED}/inscriptions/withdrawal",
    "partage": f"{_EDITED}/choix/partage",
    "quota": f"{_EDITED}/choix/partage/ajouter",
}
OPENINGS = ("Sorties de neige", "Stages d’équitation", "La nuit au musée")


@pytest.mark.parametrize("at_desk", [False, True])
def test_every_page_is_readable_by_everybody(
    demo: Demo, visitor: Callable[..., BrowserContext], picture: Callable[[Page, str], None], at_desk: bool
) -> None:
    page = visitor(desk=at_desk).new_page()
    family.sign_in_staff(page, demo, CITY, "programme_manager")
    for name, path in PAGES.items():
        page.goto(demo.url(CITY, f"/gestion/{path}"))
        picture(page, name)
        _is_well(page)
    for name in OPENINGS:
        page.goto(demo.url(CITY, "/gestion/ouvertures"))
        page.get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
        picture(page, name)
        _is_well(page)
    page.get_by_role("link", name="Résultats du tirage", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Résultats du tirage")).to_be_visible()
    picture(page, "resultats")
    _is_well(page)


def test_an_opening_is_prepared_without_javascript(demo: Demo, visitor: Callable[..., BrowserContext]) -> None:
    page = visitor(desk=True, javascript=False).new_page()
    family.sign_in_staff(page, demo, CITY, "programme_manager", "/gestion/ouvertures/nouvelle")
    page.get_by_label("Nom", exact=True).fill("Essai d’ouverture")
    page.get_by_label("Les familles se préparent à partir du").fill("2099-03-01T09:00")
    page.get_by_label("Jour et heure de l’ouverture").fill("2099-02-01T18:00")
    page.get_by_role("button", name="Enregistrer").click()

    expect(page.get_by_role("heading", name="Il y a un problème")).to_be_visible()
    page.get_by_label("Les familles se préparent à partir du").fill("2099-01-01T09:00")
    page.get_by_role("button", name="Enregistrer").click()

    expect(page.get_by_role("heading", level=1, name="Essai d’ouverture")).to_be_visible()
    expect(page.get_by_role("link", name="Régler Rien n’ouvre encore à ce moment")).to_be_visible()


def _is_well(page: Page) -> None:
    """Nothing against the rules of WCAG, and nothing wider than the screen."""
    assert (page.url, violations(page)) == (page.url, [])
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert (page.url, wide) == (page.url, 0)
