"""Each nature of offering, its page and its sheet, on a phone and on a desk; on the phone axe judges it too."""

import re

import pytest

from tests.axe import violations
from tests.e2e import family

# By organisation: the offering, and whom of the family its sheet is for.
NATURES = {
    "commune_be": {
        "plaines-ete-primaires": "Hugo",
        "repas-chauds": "Hugo",
        "carte-de-lecteur": "Hugo",
        "baignade-ete": "Hugo",
        "coup-de-pouce-plaines": "Hugo",
        "mercredis-apres-midi": "Hugo",
    },
    "city_qc": {"camp-de-jour-ete": "Rosalie", "yoga-du-mardi": "Sophie", "cours-de-natation": "Rosalie"},
    "school_board_qc": {"biscuits-feuille-erable": "Léa", "sortie-mont-cascade": "John"},
}


@pytest.mark.parametrize("organisation", NATURES)
@pytest.mark.parametrize("desk", [False, True])
def test_every_nature_is_seen_at_both_widths(demo, visitor, picture, organisation: str, desk: bool):
    page = visitor(desk=desk).new_page()
    family.sign_in(page, demo.url(organisation, "/connexion"), *demo.login(organisation, "guardian"))
    for slug, name in NATURES[organisation].items():
        page.goto(demo.url(organisation, f"/activites/{slug}/inscription"))
        chosen = page.get_by_role("link", name=re.compile(f"^Choisir .*{name}$"))
        address = chosen.get_attribute("href") if chosen.count() else ""
        for part, path in (("page", f"/activites/{slug}"), ("sheet", f"/activites/{slug}/inscription")):
            page.goto(demo.url(organisation, f"{path}{address}"))
            assert desk or violations(page) == [], page.url
            width = page.evaluate("document.documentElement.clientWidth")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
            picture(page, f"{slug}-{part}")
