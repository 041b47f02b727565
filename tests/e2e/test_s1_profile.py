"""« Profil »: two children typed once with all that the guide asks, changed, removed, and found again in the forms."""

import re
import secrets

import pytest
from playwright.sync_api import Page, expect

from tests import axe
from tests.e2e import family
from tests.e2e.test_s1_account import sign_up

BOARD = "school_board_qc"
OUTING = "/activites/sortie-mont-cascade/inscription"
CLUB = "/activites/club-de-lecture/inscription"
PARENT = {
    "Adresse": "225, rue du Rapide-Blanc, Gatineau",
    "Nom de l’autorité parentale": "Lapointe",
    "Prénom de l’autorité parentale": "Marie",
    "Nom en cas d’urgence": "Roy",
    "Prénom en cas d’urgence": "Georges",
    "Numéro de téléphone en cas d’urgence": "819-555-0145",
}
STUDENT = {
    "Groupe-repère": "881",
    "Nom de l’enseignant": "Mme Laplante",
    "Date de naissance": "2019-06-12",
}
LISTS = {"Niveau scolaire": "2e année", "École": "École du Dôme", "Mon enfant dîne…": "Au service de garde"}
BOXES = ("Je suis disponible pour vous accompagner", "Je désire m’impliquer comme bénévole")


@pytest.fixture
def name() -> str:
    """A family's own: nobody else has a child of that name born on that day."""
    return f"Lapointe-{secrets.token_hex(3)}"


@pytest.fixture
def parent(demo, phone: Page) -> Page:
    """Somebody who has just registered, in front of « Ajouter un enfant »."""
    phone.goto(demo.url(BOARD, "/inscription?next=/profil"))
    sign_up(phone, demo)
    phone.get_by_role("link", name="Ajouter un enfant").click()
    return phone


def fill(page: Page, answers: dict[str, str]) -> None:
    for words, value in answers.items():
        page.get_by_label(family.label(words)).fill(value)


def add(page: Page, last_name: str, first_name: str, **lists: str) -> None:
    fill(page, {**STUDENT, "Nom de l’élève": last_name, "Prénom de l’élève": first_name})
    for words, value in {**LISTS, **lists}.items():
        page.get_by_label(family.label(words)).select_option(label=value)
    page.get_by_role("group", name=re.compile("plan d’intervention")).get_by_label("Non", exact=True).check()


def has(page: Page, answers: dict[str, str]) -> None:
    for words, value in answers.items():
        expect(page.get_by_label(family.label(words))).to_have_value(value)


def listed(page: Page) -> None:
    page.get_by_role("button", name="Ajouter").click()
    expect(page.get_by_role("heading", name="Liste des enfants")).to_be_visible()


@pytest.mark.line("S1-13", "S1-06")
def test_an_activity_asks_who_one_is_and_is_found_again_after_the_code(demo, phone, picture):
    phone.goto(demo.url(BOARD, OUTING))
    main = phone.get_by_role("main")
    expect(main.get_by_role("heading", name="Création de compte")).to_be_visible()
    known = main.get_by_role("region", name=re.compile("^Vous avez déjà un compte"))
    expect(known).to_contain_text("Connectez-vous et accédez directement à vos informations.")
    expect(known.get_by_label("Courriel")).to_be_visible()
    expect(known.get_by_label("Mot de passe")).to_be_visible()
    expect(known.get_by_label("Restez connecté pour 14 jours")).not_to_be_checked()
    expect(known.get_by_role("link", name="Mot de passe oublié")).to_be_visible()
    expect(main.get_by_role("button", name="Continuer sans compte")).to_be_visible()
    assert axe.violations(phone) == []
    picture(phone, "1-who-are-you")

    main.get_by_role("link", name=re.compile("^Pas un membre.*Inscrivez-vous")).click()
    expect(phone.get_by_text("Vérifié\u202f: vous n’êtes pas un robot.")).to_be_visible()
    sign_up(phone, demo)

    expect(phone).to_have_url(demo.url(BOARD, OUTING))
    expect(main.get_by_role("heading", name="Sortie scolaire au Mont-Cascade")).to_be_visible()


@pytest.mark.line("S1-14", "S1-15", "S1-18", "S1-19", "S1-20", "S1-21", "S1-23", "S1-24")
def test_two_children_are_added_with_all_their_fields_and_fill_the_form_of_an_outing(demo, parent, name, picture):
    expect(parent.get_by_text("Les champs marqués d’un astérisque sont obligatoires.")).to_be_visible()
    family.whole(parent)
    expect(parent.locator("main [required]")).to_have_count(2)
    expect(parent.get_by_role("link", name="Page précédente")).to_be_visible()
    told = parent.get_by_label(re.compile("^Précisez les allergies"))
    expect(told).to_be_hidden()
    assert axe.violations(parent) == []
    fill(parent, {**PARENT, "Numéro de fiche": "1234567"})
    add(parent, name, "John")
    for box in BOXES:
        parent.get_by_role("checkbox", name=re.compile(f"^{box}")).check()
    parent.get_by_role("checkbox", name="Allergies").check()
    parent.get_by_role("button", name="Ajouter").click()

    # The box is ticked and says nothing of what: asked at the field, and the rest is still there.
    expect(parent.get_by_role("alert").first).to_be_focused()
    expect(told).to_have_attribute("aria-invalid", "true")
    has(
        parent, {**PARENT, **STUDENT, "Nom de l’élève": name, "Prénom de l’élève": "John", "Numéro de fiche": "1234567"}
    )
    picture(parent, "1-which-allergies")
    told.fill("Arachides")
    listed(parent)
    expect(parent.get_by_role("rowheader", name=f"{name} John")).to_be_visible()

    parent.get_by_role("link", name="Ajouter un enfant").click()
    # What is the household's is there already.
    has(parent, PARENT)
    expect(parent.get_by_role("checkbox", name=re.compile(f"^{BOXES[0]}"))).to_be_checked()
    add(parent, name, "Léa", **{"Niveau scolaire": "6e année"})
    parent.get_by_label(family.label("Groupe-repère")).fill("601")
    listed(parent)
    here = parent.get_by_role("navigation", name="Fil d’Ariane").get_by_role("listitem")
    expect(here).to_have_text(["Accueil", "Profil"])
    head = parent.get_by_role("table", name="Liste des enfants").get_by_role("columnheader")
    expect(head.first).to_have_text("Nom")
    expect(parent.get_by_role("rowheader")).to_have_text([f"{name} John", f"{name} Léa"])
    expect(parent.get_by_role("heading", name="Historique")).to_be_visible()
    for child in ("John", "Léa"):
        for act in ("Modifier", "Supprimer"):
            expect(parent.get_by_role("link", name=f"{act} {name} {child}")).to_be_visible()
    assert axe.violations(parent) == []
    picture(parent, "2-children")

    parent.goto(demo.url(BOARD, OUTING))
    parent.get_by_role("listitem").filter(has_text=f"{name} John").get_by_role("link", name="Choisir").click()
    asked = {**STUDENT, "Nom de l’élève": name, "Prénom de l’élève": "John", "Numéro de fiche": "1234567"}
    del asked["Nom de l’enseignant"]
    has(parent, {**asked, "Nom de l’autorité parentale": "Lapointe", "Prénom de l’autorité parentale": "Marie"})
    has(parent, {"Numéro de téléphone en cas d’urgence": "819-555-0145"})
    expect(parent.get_by_label(family.label("Niveau scolaire")).locator("option:checked")).to_have_text("2e année")
    expect(parent.get_by_label(family.label("École")).locator("option:checked")).to_have_text("École du Dôme")
    expect(parent.get_by_role("checkbox", name="Allergies")).to_be_checked()
    expect(told).to_have_value("Arachides")
    picture(parent, "3-form-filled-by-itself")


@pytest.mark.line("S1-16", "S1-17", "S1-22", "S1-23", "S1-24")
def test_a_child_is_changed_registered_without_typing_and_removed_and_the_history_stays(demo, parent, name, picture):
    fill(parent, PARENT)
    add(parent, name, "John")
    listed(parent)
    parent.get_by_role("link", name=f"Modifier {name} John").click()
    has(parent, {**STUDENT, **PARENT, "Nom de l’élève": name, "Prénom de l’élève": "John"})
    family.whole(parent)
    expect(parent.get_by_text("assurance maladie")).to_have_count(0)
    fill(parent, {"Groupe-repère": "602"})
    parent.get_by_role("button", name="Enregistrer").click()
    expect(parent.get_by_text(f"Le dossier de {name} John est à jour.")).to_be_visible()

    parent.goto(demo.url(BOARD, CLUB))
    has(parent, {"Groupe-repère": "602", "Nom de l’enseignant": "Mme Laplante"})
    # The only possibility is chosen already.
    expect(parent.get_by_role("radio", name="Club de lecture")).to_be_checked()
    family.confirm_sheet(parent)
    expect(parent.get_by_role("heading", name="Résumé des informations")).to_be_visible()
    summary = parent.get_by_role("region", name=re.compile(f"^{name} John"))
    for words in (f"{name} John", "602", "2e année", "École du Dôme", "Mme Laplante"):
        expect(summary.get_by_text(words, exact=True)).to_be_visible()
    family.whole(parent)
    expect(parent.get_by_text(re.compile("assurance maladie|expiration", re.IGNORECASE))).to_have_count(0)
    picture(parent, "1-summary")
    parent.get_by_role("button", name="Confirmer l’inscription").click()
    expect(parent).to_have_url(re.compile("/confirmation/"))

    parent.goto(demo.url(BOARD, "/profil"))
    parent.get_by_role("link", name=f"Supprimer {name} John").click()
    expect(parent.get_by_text("vos paiements et vos reçus restent")).to_be_visible()
    parent.get_by_role("button", name="Supprimer").click()
    expect(parent.get_by_text(f"{name} John ne figure plus dans votre liste.")).to_be_visible()
    family.whole(parent)
    expect(parent.get_by_role("link", name=f"Modifier {name} John")).to_have_count(0)
    history = parent.get_by_role("region", name="Historique")
    expect(history.get_by_text("Club de lecture").first).to_be_visible()
    picture(parent, "2-history")
    # What was told of the child fills in nothing any more.
    parent.goto(demo.url(BOARD, CLUB))
    has(parent, {"Prénom de l’élève": "", "Groupe-repère": "", "Prénom de l’autorité parentale": "Marie"})
