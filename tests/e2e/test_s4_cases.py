"""The two ways into a commune: known by its files already (case A), or registering oneself and each child (case B)."""

import re
import secrets
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests import axe
from tests.e2e import family
from tests.e2e.demo import Demo
from tests.e2e.test_s1_account import the_code

COMMUNE = "commune_be"
CAMPS = "/activites/plaines-ete-primaires/inscription"
PROVIDER = "Se connecter avec eID ou itsme (simulation)"
REGISTER = "S’enregistrer en tant que parent"
BORN = date(2018, 1, 1) + timedelta(days=secrets.randbelow(360))
BUTTON = "Inscrire mon enfant à une plaine"
HOUSEHOLD = {
    "Rue et numéro": "Rue du Perron 14",
    "Code postal": "4999",
    "Localité": "Brimont",
    "Personne à prévenir en cas d’urgence": "Pierre Renard",
    "Son numéro de téléphone": "0470 12 34 57",
}
ANSWERS = ("L’équipe peut-elle", "Peut rentrer seul", "Les photos de groupe", "Les photos de l’enfant seul")


@pytest.fixture
def name() -> str:
    """A family's own: nobody else has a child of that name born on that day."""
    return f"Renard-{secrets.token_hex(3)}"


def a_citizen(demo: Demo, last_name: str) -> str:
    return demo.citizen(given_name="Sophie", family_name=last_name, birthdate="1988-04-02")


def a_national_number() -> tuple[str, str]:
    """One of a child born on that day, and the same with a wrong check number (R-42)."""
    told = f"{BORN:%y%m%d}{secrets.randbelow(997) + 1:03}"
    check = 97 - int(f"2{told}") % 97
    return f"{told}{check:02}", f"{told}{check % 97 + 1:02}"


def register(page: Page, demo: Demo, citizen: str, last_name: str) -> None:
    """Comes with an identity that the commune has never seen; gives an address and proves it."""
    address = f"{citizen}@famille.example"
    page.goto(demo.url(COMMUNE, "/connexion"))
    page.get_by_role("link", name=PROVIDER).click()
    expect(page.get_by_role("link", name="Annuler et revenir")).to_be_visible()
    somebody = page.get_by_role("button").first
    # The page offers the people it began with; this one is chosen as they are.
    somebody.evaluate("(button, citizen) => { button.value = citizen }", citizen)
    somebody.click()
    expect(page.get_by_text(last_name)).to_be_visible()
    page.get_by_label(re.compile("^Courriel")).fill(address)
    page.get_by_role("button", name=REGISTER).click()
    page.get_by_label(re.compile("^Code")).fill(the_code(demo, address))
    page.get_by_role("main").get_by_role("button", name=re.compile("Confirmer|Continuer")).first.click()
    family.is_signed_in(page)


def add_child(page: Page, last_name: str, first_name: str, **answers: str) -> None:
    told = {"Nom de l’enfant": last_name, "Prénom de l’enfant": first_name, "Date de naissance": f"{BORN}"}
    for words, value in {**told, "École fréquentée": "École du Bois", **answers}.items():
        page.get_by_label(family.label(words)).fill(value)
    page.get_by_label(family.label("Année scolaire")).select_option(label="3e primaire")
    page.get_by_role("button", name="Ajouter").click()


def sign_record(page: Page) -> None:
    """What « Fiche santé » must know, beside what it knows of the family already."""
    page.get_by_label(re.compile("^Sait nager")).select_option(label="Bien")
    for words in ANSWERS:
        page.get_by_role("group", name=re.compile(f"^{words}")).get_by_label("Oui", exact=True).check()
    sign(page, "Enregistrer")


def sign(page: Page, button: str) -> None:
    page.get_by_role("checkbox", name=re.compile("^Je confirme")).check()
    page.get_by_label(family.label("Votre prénom et votre nom")).fill("Sophie Renard")
    page.get_by_role("button", name=button).click()
    expect(page.get_by_text("c’est enregistré").first).to_be_visible()


def take_a_week(page: Page) -> None:
    page.get_by_label(re.compile("Olympiades")).check()
    page.get_by_role("button", name="Inscrire").click()
    expect(page.get_by_role("heading", name="Ajouté au panier")).to_be_visible()


def card(page: Page, child: str):
    return page.get_by_role("region", name="Mes enfants").get_by_role("listitem").filter(has_text=child)


def ask_the_national_number(page: Page, demo: Demo) -> None:
    """The owner decides that it may be asked, and why; then the question of the preset is switched on. Done once."""
    rule = "/gestion/protection/numero-national"
    family.sign_in_staff(page, demo, COMMUNE, "owner", path=rule)
    page.get_by_label("Le numéro national peut être demandé").check()
    page.get_by_label(re.compile("^À quoi il sert")).fill("Pour établir l’attestation fiscale de frais de garde.")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("La règle est enregistrée.")).to_be_visible()
    page.goto(demo.url(COMMUNE, "/gestion/formulaires/dossier"))
    expect(page.get_by_text("Numéro de registre national").first).to_be_visible()
    switch = page.get_by_role("button", name=re.compile("^Activer.*Numéro de registre national"))
    if switch.count():
        switch.click()
        expect(page.get_by_role("button", name=re.compile("^Désactiver.*Numéro de registre national"))).to_be_visible()
        page.get_by_role("link", name="Relire et publier").click()
        page.get_by_role("button", name="Publier").click()
        expect(page.get_by_text("est publié")).to_be_visible()


def import_child(page: Page, demo: Demo, last_name: str, address: str) -> None:
    """What the commune knows of those whom it invoices."""
    family.sign_in_staff(page, demo, COMMUNE, "owner", path="/gestion/imports")
    page.goto(demo.url(COMMUNE, "/gestion/imports"))
    page.get_by_role("link", name="Nouvel import").first.click()
    table = (
        "identifiant,nom,prénom,date de naissance,niveau,parent 1 nom,parent 1 prénom,parent 1 courriel\r\n"
        f"{last_name},{last_name},Hugo,{BORN},3e primaire,{last_name},Sophie,{address}\r\n"
    )
    page.get_by_label("Fichier", exact=True).set_input_files(
        {"name": "familles.csv", "mimeType": "text/csv", "buffer": table.encode()}
    )
    page.get_by_role("button", name="Vérifier le fichier").click()
    page.get_by_role("button", name="Importer 1 personne").click(timeout=30_000)
    expect(page.get_by_text("Les fiches sont à jour.")).to_be_visible(timeout=30_000)


@pytest.mark.line("S4-02", "S4-05", "S4-08")
def test_case_a_a_parent_whom_the_commune_knows_finds_the_child_on_coming_in(demo, desk, phone, name, picture):
    citizen = a_citizen(demo, name)
    address = f"{citizen}@famille.example"
    import_child(desk, demo, name, address)

    register(phone, demo, citizen, name)

    expect(phone.get_by_text("Nous avons trouvé votre dossier")).to_be_visible()
    phone.goto(demo.url(COMMUNE, "/mon-dossier"))
    child = card(phone, f"{name} Hugo")
    expect(child).to_contain_text("3e primaire")
    expect(child.get_by_role("link", name=re.compile(BUTTON))).to_have_count(0)
    expect(child.get_by_role("link", name="Fiche signalétique")).to_be_visible()
    expect(child.get_by_role("link", name="Fiche santé")).to_be_visible()
    assert axe.violations(phone) == []
    picture(phone, "1-found")
    # What the commune has said is shown, and is not the family's to write.
    child.get_by_role("link", name="Fiche signalétique").click()
    expect(phone.get_by_label(family.label("Nom de l’enfant"))).to_be_disabled()
    picture(phone, "2-locked-fields")


@pytest.mark.line("S4-09", "S4-12", "S4-13", "S4-14", "S4-15", "S4-16", "S4-17", "S4-18")
@pytest.mark.line("S4-04", "S4-23", "S4-24", "S4-29", "S4-33", "S4-39")
def test_case_b_each_child_and_its_record_come_first_then_the_weeks(demo, desk, phone, name, picture):
    ask_the_national_number(desk, demo)
    register(phone, demo, a_citizen(demo, name), name)
    phone.goto(demo.url(COMMUNE, "/mon-dossier"))
    expect(phone.get_by_text("Aucun enfant pour l’instant.")).to_be_visible()
    expect(phone.get_by_role("link", name=re.compile(BUTTON))).to_have_count(0)
    phone.get_by_role("link", name="Ajouter un enfant").click()

    number = phone.get_by_label(re.compile("^Numéro de registre national"))
    expect(number).to_have_accessible_description(re.compile("carte d’identité.*acte de naissance.*mutuelle"))
    right, wrong = a_national_number()
    number.fill(wrong)
    add_child(phone, name, "Hugo", **HOUSEHOLD)
    expect(phone.get_by_role("alert").first).to_be_focused()
    expect(number).to_have_attribute("aria-invalid", "true")
    expect(phone.get_by_label(family.label("Localité"))).to_have_value("Brimont")
    assert axe.violations(phone) == []
    picture(phone, "1-wrong-number")
    number.fill(right)
    phone.get_by_role("button", name="Ajouter").click()

    expect(phone).to_have_url(re.compile("/fiches/fiche-sante$"))
    phone.goto(demo.url(COMMUNE, "/mon-dossier"))
    hugo, zoe = card(phone, f"{name} Hugo"), card(phone, f"{name} Zoé")
    expect(hugo).to_contain_text("Avant d’inscrire")
    expect(phone.get_by_role("link", name=re.compile(BUTTON))).to_have_count(0)
    picture(phone, "2-record-first")
    hugo.get_by_role("link", name="Fiche santé").click()
    phone.get_by_label(family.label("Médecin traitant")).fill("Dre Anne Marchal")
    phone.get_by_label(family.label("Téléphone du médecin")).fill("04 222 01 02")
    sign_record(phone)

    expect(phone).to_have_url(demo.url(COMMUNE, "/mon-dossier"))
    expect(hugo.get_by_role("link", name=re.compile(BUTTON))).to_be_visible()
    phone.get_by_role("link", name="Ajouter un enfant").click()
    # The household's answers serve again: nothing of the address is written twice.
    expect(phone.get_by_label(family.label("Localité"))).to_have_value("Brimont")
    add_child(phone, name, "Zoé")
    expect(phone).to_have_url(re.compile("/fiches/fiche-sante$"))
    expect(phone.get_by_label(family.label("Médecin traitant"))).to_have_value("Dre Anne Marchal")
    sign_record(phone)
    expect(phone).to_have_url(demo.url(COMMUNE, "/mon-dossier"))
    family.whole(phone)
    for child in (hugo, zoe):
        expect(child.get_by_role("link", name=re.compile(BUTTON))).to_be_visible()
        expect(child).not_to_contain_text("Avant d’inscrire")
    assert axe.violations(phone) == []
    picture(phone, "3-complete")

    hugo.get_by_role("link", name=re.compile(BUTTON)).click()
    phone.get_by_role("link", name=re.compile("^Détails.*Plaines d’été – primaires")).click()
    phone.get_by_role("complementary").get_by_role("link", name=re.compile("^Inscrire")).click()
    expect(phone.get_by_label("Choisir un enfant").locator("option:checked")).to_have_text(f"{name} Hugo")
    take_a_week(phone)
    expect(phone.get_by_role("link", name="Régler mon panier")).to_be_visible()
    phone.get_by_role("link", name="Inscrire un autre enfant").click()
    phone.get_by_role("link", name=f"Choisir {name} Zoé").click()
    take_a_week(phone)
    phone.get_by_role("link", name="Finaliser mes inscriptions").click()
    for child in ("Hugo", "Zoé"):
        expect(phone.get_by_text(f"{name} {child}").first).to_be_visible()
    # The second child of the family pays a tenth less.
    expect(phone.get_by_text("95,00\u00a0€").first).to_be_visible()
    picture(phone, "4-basket")
    # The places are given back: other people of this demonstration want them too.
    phone.get_by_role("link", name="Tout abandonner").click()
    phone.get_by_role("button", name="Abandonner").click()
    expect(phone.get_by_text("Les places sont libérées.")).to_be_visible()
    phone.goto(demo.url(COMMUNE, "/panier"))
    expect(phone.get_by_text("Votre panier est vide")).to_be_visible()


@pytest.mark.line("S4-20", "S4-24", "S4-25", "O-12")
def test_a_record_that_has_run_out_locks_with_its_reason_until_nothing_has_changed(demo, phone, name, picture):
    register(phone, demo, a_citizen(demo, name), name)
    phone.goto(demo.url(COMMUNE, "/profil/enfants/ajouter"))
    add_child(phone, name, "Hugo", **HOUSEHOLD)
    expect(phone).to_have_url(re.compile("/fiches/fiche-sante$"))
    participant = re.search("/enfants/([^/]+)/fiches", phone.url)[1]
    phone.get_by_label(family.label("Médecin traitant")).fill("Dre Anne Marchal")
    phone.get_by_label(family.label("Téléphone du médecin")).fill("04 222 01 02")
    sign_record(phone)
    phone.goto(demo.url(COMMUNE, CAMPS))
    expect(phone.get_by_label(re.compile("Olympiades"))).to_be_enabled()

    demo.let_pass(COMMUNE, participant=participant, days=31)
    phone.goto(demo.url(COMMUNE, "/mon-dossier"))
    expect(card(phone, f"{name} Hugo")).to_contain_text("Avant d’inscrire")
    expect(phone.get_by_role("link", name=re.compile(BUTTON))).to_have_count(0)
    phone.goto(demo.url(COMMUNE, CAMPS))
    expect(phone.get_by_text("« Fiche santé » n’était valable que jusqu’au")).to_be_visible()
    expect(phone.get_by_label(re.compile("Olympiades"))).to_have_count(0)
    assert axe.violations(phone) == []
    picture(phone, "1-locked")

    phone.get_by_role("link", name=re.compile("^Vérifier.*Fiche santé")).click()
    expect(phone.get_by_role("heading", name="Rien n’a changé")).to_be_visible()
    expect(phone.get_by_text("Dre Anne Marchal")).to_be_visible()
    sign(phone, "Rien n’a changé")
    expect(phone).to_have_url(re.compile(CAMPS))
    expect(phone.get_by_label(re.compile("Olympiades"))).to_be_enabled()
    phone.goto(demo.url(COMMUNE, "/mon-dossier"))
    expect(phone.get_by_role("link", name=re.compile(BUTTON))).to_be_visible()
