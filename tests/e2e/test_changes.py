"""A family gives a place up with a proof and staff decide; it moves another place, and hands it to a sister (S4-42)."""

import re
import secrets
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.axe import violations
from tests.e2e import family
from tests.e2e.demo import Demo
from tests.e2e.test_other_organisations import pay_the_basket
from tests.e2e.test_s4_cases import BUTTON, HOUSEHOLD, a_citizen, add_child, card, register, sign_record
from tests.e2e.weeks import COMMUNE, week

MINE = "/mon-dossier/inscriptions"
WHY = "Hugo s’est cassé la jambe."


@pytest.mark.line("S4-42")
@pytest.mark.parametrize("size", ["phone", "desk"])
def test_places_are_given_up_with_a_proof_moved_and_handed_over(demo, request, visitor, picture, size):
    page, width = request.getfixturevalue(size), {"phone": 360, "desk": 1280}[size]
    staff = visitor(desk=size == "desk").new_page()
    name = f"Marchal-{secrets.token_hex(3)}"

    def look(seen: Page, words: str) -> None:
        assert violations(seen) == [], seen.url
        assert seen.evaluate("document.documentElement.scrollWidth") <= width, seen.url
        picture(seen, words)

    address = with_two_paid_weeks(page, demo, name)
    give_up(page, demo, look)
    accept(staff, demo, name, look)
    page.reload()
    expect(page.get_by_text("Merci, bon rétablissement à Hugo.")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("50,00\u00a0€")
    look(page, "4-accepted")
    [told] = demo.mails(address, about="Désinscription\u202f: Plaines d’été – primaires")
    assert "50,00\u00a0€" in told.get_body(("plain",)).get_content()

    move(page, demo, look)
    hand_over(page, demo, name, look)


def with_two_paid_weeks(page: Page, demo: Demo, name: str) -> str:
    """A new family of the commune: Hugo has two weeks, Zoé has none. Answers with its address."""
    citizen = a_citizen(demo, name)
    register(page, demo, citizen, name)
    for first_name, answers in (("Hugo", HOUSEHOLD), ("Zoé", {})):
        page.goto(demo.url(COMMUNE, "/profil/enfants/ajouter"))
        add_child(page, name, first_name, **answers)
        expect(page).to_have_url(re.compile("/fiches/fiche-sante$"))
        page.get_by_label(family.label("Médecin traitant")).fill("Dre Anne Marchal")
        page.get_by_label(family.label("Téléphone du médecin")).fill("04 222 01 02")
        sign_record(page)
    page.goto(demo.url(COMMUNE, "/mon-dossier"))
    card(page, f"{name} Hugo").get_by_role("link", name=re.compile(BUTTON)).click()
    page.get_by_role("link", name=re.compile("^Détails.*Plaines d’été – primaires")).click()
    page.get_by_role("complementary").get_by_role("link", name=re.compile("^Inscrire")).click()
    week(page, 3).get_by_role("radio", name=re.compile("Cirque")).check()
    week(page, 5).get_by_role("radio", name=re.compile("Détectives")).check()
    page.get_by_role("button", name="Inscrire", exact=True).click()
    expect(page.get_by_role("link", name="Inscrire un autre enfant")).to_be_visible()
    page.goto(demo.url(COMMUNE, "/panier"))
    pay_the_basket(page)
    return f"{citizen}@famille.example"


def give_up(page: Page, demo: Demo, look: Callable[[Page, str], None]) -> None:
    """The refund is on the page before anything is sent; without the reason nothing is."""
    to_changes(page, demo, "Cirque")
    look(page, "1-what-may-be-changed")
    page.get_by_role("link", name="Se désinscrire").click()
    totals = page.locator(".totals")
    expect(totals).to_contain_text(re.compile("Payé pour cette inscription\\s*50,00\u00a0€"))
    expect(totals).to_contain_text(re.compile("Rendu\\s*50,00\u00a0€"))
    page.get_by_role("button", name="Envoyer ma demande").click()
    expect(page.get_by_role("alert").first).to_be_focused()
    expect(page.get_by_role("alert").first).to_contain_text("Dites-nous pourquoi")
    page.get_by_label(family.label("Votre raison")).fill(WHY)
    page.get_by_label(re.compile("^Document")).set_input_files(
        {"name": "billet-medical.png", "mimeType": "image/png", "buffer": page.screenshot()}
    )
    look(page, "2-withdrawal")
    page.get_by_role("button", name="Envoyer ma demande").click()
    expect(page.get_by_text("Votre demande est envoyée.")).to_be_visible()

    to_changes(page, demo, "Cirque")
    page.get_by_role("link", name=re.compile("^Voir")).first.click()
    expect(page.get_by_text("Rendu si c’est accepté")).to_be_visible()


def accept(staff: Page, demo: Demo, name: str, look: Callable[[Page, str], None]) -> None:
    """In the queue, with the reason and the document before the eyes."""
    family.sign_in_staff(staff, demo, COMMUNE, "owner", path="/gestion/changements")
    staff.goto(demo.url(COMMUNE, f"/gestion/changements?q={name}"))
    look(staff, "3-queue")
    staff.get_by_role("row", name=re.compile(name)).get_by_role("rowheader").get_by_role("link").click()
    expect(staff.get_by_text(WHY)).to_be_visible()
    expect(staff.get_by_role("link", name="billet-medical.png")).to_be_visible()
    staff.get_by_label(re.compile("^Votre réponse à la famille")).fill("Merci, bon rétablissement à Hugo.")
    look(staff, "3-decision")
    staff.get_by_role("button", name="Accepter").click()
    expect(staff.get_by_role("heading", name="Demandes de changement", level=1)).to_be_visible()
    family.whole(staff)
    expect(staff.get_by_role("button", name="Accepter")).to_have_count(0)


def move(page: Page, demo: Demo, look: Callable[[Page, str], None]) -> None:
    to_changes(page, demo, "Détectives")
    page.get_by_role("link", name="Changer de semaine ou de groupe").click()
    page.get_by_role("radio", name=re.compile("^Olympiades")).check()
    look(page, "5-swap")
    page.get_by_role("button", name="Confirmer le changement").click()
    expect(page.get_by_text("Le changement est fait.")).to_be_visible()
    expect(line(page, "Olympiades")).to_contain_text("Hugo")
    family.whole(page)
    expect(page.get_by_role("row", name=re.compile("Détectives"))).to_have_count(0)


def hand_over(page: Page, demo: Demo, name: str, look: Callable[[Page, str], None]) -> None:
    to_changes(page, demo, "Olympiades")
    page.get_by_role("link", name="Transférer à un autre enfant").click()
    # What the activity asks of a child was said of Hugo alone.
    expect(page.get_by_role("link", name="Remplir pour Zoé")).to_be_visible()
    look(page, "6-transfer-asks")
    page.get_by_role("link", name="Remplir pour Zoé").click()
    expect(page.get_by_role("button", name="Enregistrer")).to_be_visible()
    look(page, "6-transfer-form")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("C’est rempli pour Zoé.")).to_be_visible()
    expect(page.get_by_role("radio", name=re.compile(f"{name} Zoé"))).to_be_checked()
    look(page, "6-transfer")
    page.get_by_role("button", name="Confirmer le transfert").click()
    expect(page.get_by_text("Le changement est fait.")).to_be_visible()
    expect(line(page, "Olympiades")).to_contain_text("Zoé")
    look(page, "7-registrations")


def to_changes(page: Page, demo: Demo, option: str) -> None:
    page.goto(demo.url(COMMUNE, MINE))
    line(page, option).filter(has_text="Hugo").get_by_role(
        "link", name=re.compile("^Changer ou se désinscrire")
    ).click()
    expect(page.get_by_role("heading", name="Changer une inscription", level=1)).to_be_visible()


def line(page: Page, option: str) -> Locator:
    return page.get_by_role("row", name=re.compile(option))
