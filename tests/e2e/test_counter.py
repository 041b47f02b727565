"""A clerk on a family's own screens, and a parent who lends their basket by a code."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.axe import violations
from tests.e2e import family

ORGANISATION = "city_qc"
ACTING = re.compile("^Vous agissez pour")


def look(page: Page, width: int) -> None:
    assert violations(page) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


def code_of(page: Page) -> str:
    return page.locator(".help-code").inner_text()


@pytest.mark.line("S2-03", "O-21")
@pytest.mark.parametrize("size", ["phone", "desk"])
def test_a_clerk_serves_a_new_family_at_the_counter(demo, request, picture, size):
    page, width = request.getfixturevalue(size), {"phone": 360, "desk": 1280}[size]
    telephone = {"phone": "819-555-0123", "desk": "819-555-0124"}[size]
    family.sign_in_staff(page, demo, ORGANISATION, "owner", path="/gestion/comptoir")
    look(page, width)
    picture(page, "counter")

    page.get_by_role("link", name="Ajouter une nouvelle famille").click()
    expect(page.get_by_label("Prénom du parent")).to_be_visible()
    look(page, width)
    page.get_by_label("Prénom du parent").fill("Nour")
    page.get_by_label("Nom du parent", exact=True).fill(f"Haddad {size}")
    page.get_by_label(re.compile("^Téléphone")).fill(telephone)
    page.get_by_role("button", name="Ajouter et inscrire").click()

    banner = page.get_by_role("region", name="Vous agissez pour une famille")
    expect(banner).to_contain_text(f"Vous agissez pour Nour Haddad {size}")
    look(page, width)
    picture(page, "child")
    for address in ("/activites", "/panier", "/", "/gestion/"):
        page.goto(demo.url(ORGANISATION, address))
        expect(banner).to_be_visible()
        look(page, width)
    page.goto(demo.url(ORGANISATION, "/profil"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Cette page est à la famille seule")
    look(page, width)
    picture(page, "closed")

    banner.get_by_role("button", name="Terminer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Comptoir")
    family.whole(page)
    expect(page.get_by_text(ACTING)).to_have_count(0)


@pytest.mark.line("O-21")
def test_a_parent_lends_the_basket_by_a_code_and_takes_it_back(demo, visitor, picture):
    parent, clerk = visitor().new_page(), visitor(desk=True).new_page()
    family.sign_in(parent, demo.url(ORGANISATION, "/connexion?next=/panier"), *demo.login(ORGANISATION, "guardian"))
    parent.get_by_role("link", name="Être aidé par téléphone").click()
    expect(parent.get_by_role("button", name="Obtenir un code")).to_be_visible()
    look(parent, 360)
    parent.get_by_role("button", name="Obtenir un code").click()
    expect(parent.locator(".help-code")).to_be_visible()
    look(parent, 360)
    picture(parent, "code")

    family.sign_in_staff(clerk, demo, ORGANISATION, "owner", path="/gestion/comptoir")
    clerk.get_by_label(re.compile("^Code dicté par la famille")).fill("000 00")
    clerk.get_by_role("button", name="Ouvrir ce panier").click()
    expect(clerk.get_by_role("alert")).to_contain_text("Ce code ne peut pas servir")
    look(clerk, 1280)
    clerk.get_by_label(re.compile("^Code dicté par la famille")).fill(code_of(parent))
    clerk.get_by_role("button", name="Ouvrir ce panier").click()
    expect(clerk.get_by_text(ACTING)).to_be_visible()
    look(clerk, 1280)
    picture(clerk, "basket-by-staff")

    parent.goto(demo.url(ORGANISATION, "/activites"))
    helped = parent.get_by_role("region", name="Aide par téléphone")
    expect(helped).to_contain_text("vous aide")
    look(parent, 360)
    picture(parent, "helped")
    helped.get_by_role("button", name="Terminer l’aide").click()
    expect(parent.get_by_text("L’aide est terminée.")).to_be_visible()
    family.whole(parent)
    expect(helped).to_have_count(0)

    clerk.goto(demo.url(ORGANISATION, "/panier"))
    expect(clerk.get_by_text("Vous n’agissez plus pour cette famille.")).to_be_visible()
