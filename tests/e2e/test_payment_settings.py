"""The settings of payment, the export and the funds in the workplace, on a phone and at a desk."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e import family
from tests.e2e.demo import Demo

CITY = "city_qc"
PAGES = {
    "finances": "finances",
    "export": "finances/export",
    "fonds": "finances/fonds",
    "paiement": "reglages/paiement",
    "pratiques": "reglages/paiement/pratiques",
    "plan": "reglages/paiement/versements/ajouter",
    "retirer": "reglages/paiement/versements/deux-versements/retirer",
    "codes": "reglages/paiement/codes",
    "fichier": "reglages/paiement/fichier",
}


def test_every_page_is_readable_by_everybody(
    demo: Demo, visitor: Callable[..., BrowserContext], pictures: Callable[[Page, str], None]
) -> None:
    page = visitor(desk=True).new_page()
    family.sign_in_staff(page, demo, CITY, "administrator")
    for name, path in PAGES.items():
        page.goto(demo.url(CITY, f"/gestion/{path}"))
        pictures(page, name)
    page.goto(demo.url(CITY, "/gestion/activites/sorties-de-neige/modifier/paiement"))
    pictures(page, "activite")
    page.goto(demo.url(CITY, "/gestion/reglages/paiement"))
    payees = page.get_by_role("region", name="Comptes de paiement")
    payees.get_by_role("link", name="Attestations fiscales").first.click()
    pictures(page, "attestations")
    page.go_back()
    payees.get_by_role("link", name="Modifier").first.click()
    pictures(page, "compte")
    page.get_by_label("IBAN").fill("BE71 0961 2345 6768")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("link", name="Cet IBAN n’est pas valide")).to_be_visible()
    pictures(page, "compte-faute")
