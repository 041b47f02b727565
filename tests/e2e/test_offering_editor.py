"""An activity is written from nothing to its page: with a live preview at a desk, without scripts on a phone."""

import re
import secrets

import pytest
from playwright.sync_api import Page, expect

from tests.axe import violations
from tests.e2e import family
from tests.e2e.family import label

NEW = "/gestion/activites/nouvelle"


def begin(page: Page, nature: str, title: str) -> None:
    page.get_by_label(label("Titre")).fill(title)
    page.get_by_label(re.compile(f"^{nature}\u202f:")).check()
    page.get_by_role("button", name="Commencer le brouillon").click()
    expect(page.get_by_role("heading", level=1).first).to_have_text(title)
    # What is typed before the scripts have come is not shown in the preview.
    family.whole(page)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.line("S1-28", "S1-31")
def test_a_course_is_written_seen_and_published_at_a_desk(demo, desk, picture):
    title = f"Aquarelle {secrets.token_hex(2)}"
    family.sign_in_staff(desk, demo, "city_qc", "programme_manager", NEW)
    begin(desk, "Cours", title)

    desk.get_by_label(label("Texte aux familles")).fill("Apportez **vos pinceaux**.")
    preview = desk.get_by_role("complementary", name="Aperçu")
    expect(preview.locator("strong", has_text="vos pinceaux")).to_be_visible()
    assert violations(desk) == []
    picture(desk, "1-presentation")
    press(desk, "Enregistrer et continuer")

    desk.get_by_role("link", name="Ajouter un choix").click()
    desk.get_by_label(label("Nom")).fill("Groupe du mardi")
    desk.get_by_label(label("Prix")).fill("120,50")
    desk.get_by_label(label("Nombre de places")).fill("12")
    press(desk, "Enregistrer le choix")
    desk.get_by_role("link", name="Modifier Groupe du mardi").click()
    desk.get_by_role("link", name="Fixer les rencontres").click()
    desk.get_by_label("mardi", exact=True).check()
    repeat = desk.get_by_role("group").filter(has_text="Ajouter plusieurs rencontres")
    for name, value in {"begins": "18:00", "ends": "19:30", "first": "2027-01-12", "last": "2027-02-02"}.items():
        repeat.locator(f"[name=chaque-{name}]").fill(value)
    press(desk, "Ajouter ces rencontres à la liste")
    expect(desk.get_by_text("4 rencontres ci-dessous, pas encore enregistrées.")).to_be_visible()
    assert violations(desk) == []
    picture(desk, "2-meetings")
    press(desk, "Enregistrer les rencontres")

    desk.get_by_role("link", name="7. Vérifier et publier").click()
    expect(desk.get_by_text("Tout est prêt.")).to_be_visible()
    press(desk, "Publier maintenant")
    expect(desk.get_by_text("Les familles la voient.")).to_be_visible()
    picture(desk, "3-published")

    desk.get_by_role("link", name="Historique").click()
    expect(desk.get_by_text("Activité publiée")).to_be_visible()
    desk.goto(demo.url("city_qc", f"/activites?keywords={title.replace(' ', '+')}"))
    expect(desk.get_by_role("link", name=title, exact=True)).to_be_visible()


def test_a_camp_is_written_on_a_phone_without_scripts(demo, visitor, picture):
    phone = visitor(javascript=False).new_page()
    family.sign_in_staff(phone, demo, "commune_be", "programme_manager", NEW)
    begin(phone, "Camp", f"Plaine {secrets.token_hex(2)}")

    phone.get_by_label(label("Résumé")).fill("Une semaine au grand air.")
    press(phone, "Voir l’aperçu")
    expect(phone.get_by_text("Une semaine au grand air.").last).to_be_visible()
    expect(phone.get_by_label(label("Résumé"))).to_have_value("Une semaine au grand air.")
    press(phone, "Enregistrer et continuer")

    phone.get_by_role("link", name="Ajouter des semaines").click()
    phone.get_by_label(label("Du")).fill("2027-07-05")
    phone.get_by_label(label("Au")).fill("2027-07-16")
    phone.get_by_label(label("Groupes de chaque semaine")).fill("Petits\nGrands")
    press(phone, "Voir d’abord")
    expect(phone.get_by_text("4 choix seraient ajoutés")).to_be_visible()
    press(phone, "Ajouter ces choix")
    expect(phone.get_by_role("link", name=re.compile("^Modifier.*Grands")).first).to_be_visible()
    picture(phone, "1-options")

    phone.get_by_role("link", name="3. Qui peut s’inscrire").click()
    phone.get_by_role("link", name="Ajouter une condition").click()
    phone.get_by_role("link", name="Âge").click()
    phone.get_by_label(label("Âge minimum")).fill("6")
    press(phone, "Garder cette règle")
    expect(phone.get_by_text("À partir de 6 ans.").first).to_be_visible()

    phone.get_by_role("link", name="7. Vérifier et publier").click()
    press(phone, "Publier maintenant")
    expect(phone.get_by_text("Les familles la voient.")).to_be_visible()
    picture(phone, "2-published")


def test_the_editor_has_no_barrier_on_a_phone(demo, phone):
    family.sign_in_staff(phone, demo, "city_qc", "programme_manager")
    edit = "/gestion/activites/camp-de-jour-ete/modifier"
    for path in (
        NEW,
        *(f"{edit}/{step}" for step in ("presentation", "choix", "conditions", "prix", "paiement", "publier")),
    ):
        assert phone.goto(demo.url("city_qc", path)).status == 200
        assert violations(phone) == [], path
        assert phone.evaluate("document.documentElement.scrollWidth") == 360, path
