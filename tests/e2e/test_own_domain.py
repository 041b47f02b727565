"""A commune puts its site on a name of its own: the lines to write, the DNS that is waited for, the links that move."""

import json
import re
import secrets
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from deploy.embedded import names
from tests.e2e import family
from tests.e2e.demo import Demo

COMMUNE = "commune_be"
LIST = "/gestion/reglages/domaines"


@pytest.mark.line("S1-01", "S1-02")
def test_a_name_is_added_published_and_made_primary_and_the_old_address_leads_to_it(
    demo: Demo, visitor: Callable[..., BrowserContext], pictures: Callable[[Page, str], None]
) -> None:
    page = visitor(desk=True).new_page()
    before = demo.url(COMMUNE)
    name = f"activites-{secrets.token_hex(3)}.valmarie.localhost"
    after = re.sub(r"//[^:/]+", f"//{name}", before)
    _sign_in(page, demo, before, "/gestion/reglages")
    page.get_by_role("main").get_by_role("link", name="Domaines").click()
    expect(page.get_by_role("heading", name="Domaines", level=1)).to_be_visible()
    pictures(page, "1-list")
    page.get_by_label("Nom de domaine").fill(name)
    page.get_by_role("button", name="Ajouter").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    expect(page.get_by_text("En attente du DNS")).to_be_visible()
    pictures(page, "2-records")

    told = [each.text_content() or "" for each in page.locator("[data-copy] code").all()]
    records = told[: told.index(f"_preau.{name}") + 2]
    assert records[0] == name
    target, proof = records[1], records[3]
    page.get_by_role("button", name="Vérifier maintenant").click()
    expect(page.get_by_text("Le DNS ne connaît pas encore ce nom")).to_be_visible(timeout=60_000)
    pictures(page, "3-waiting")

    zone = Path(demo.facts["names"])
    names.publish(zone, {name: {"CNAME": [target]}, f"_preau.{name}": {"TXT": [proof]}})
    try:
        # Nobody touches the page: the minute's round asks the DNS again.
        expect(page.get_by_text("Tout est en ordre")).to_be_visible(timeout=150_000)
        pictures(page, "4-verified")
        assert page.goto(after).url == before
        page.goto(demo.url(COMMUNE, f"/gestion/reglages/domaines/{name}"))
        page.get_by_role("link", name="Rendre principale").click()
        pictures(page, "5-what-changes")
        page.get_by_role("button", name="Rendre principale").click()
        # Nobody is signed in on the other name yet.
        expect(page.get_by_label("Mot de passe")).to_be_visible()
        assert page.url.startswith(after)

        families = visitor().new_page()
        families.goto(demo.url(COMMUNE, "/activites?etablissement=centre"))
        assert families.url == f"{after}activites?etablissement=centre"
        expect(families.get_by_role("main")).to_be_visible()
    finally:
        _back(visitor, demo, after, before)
        names.publish(zone, {name: None, f"_preau.{name}": None})
    assert families.goto(demo.url(COMMUNE, "/activites")).url == demo.url(COMMUNE, "/activites")
    assert json.loads(zone.read_text()).get(name) is None


def _back(visitor: Callable[..., BrowserContext], demo: Demo, after: str, before: str) -> None:
    """The demonstration is shared: its links are on the platform's address again, and the name is removed."""
    page = visitor(desk=True).new_page()
    answer = page.goto(f"{after}connexion")
    if answer is None or not answer.ok or page.url.startswith(before):
        return
    _sign_in(page, demo, after, LIST)
    page.get_by_role("link", name=f"Rendre principale {urlsplit(before).hostname}").click()
    page.get_by_role("button", name="Rendre principale").click()
    expect(page.get_by_label("Mot de passe")).to_be_visible()
    assert page.url.startswith(before)
    _sign_in(page, demo, before, LIST)
    page.get_by_role("main").get_by_role("link", name=str(urlsplit(after).hostname), exact=True).click()
    page.get_by_role("link", name="Retirer ce nom").click()
    page.get_by_role("button", name="Retirer").click()
    expect(page.get_by_text("Le nom est retiré.")).to_be_visible()


def _sign_in(page: Page, demo: Demo, site: str, path: str) -> None:
    """Anew: what is done here is asked of who signed in a short while ago."""
    owner = demo.staff(COMMUNE, "owner")
    family.sign_in(page, f"{site}connexion?next={path}", owner["email"], owner["password"])
    family.show_second_factor(page, owner["totp_secret"])
