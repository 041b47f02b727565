"""A family that registers by telephone or at the counter: it pays in cash, or later; the drawer goes to the bank."""

import re
import secrets
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import family
from tests.e2e.demo import Demo

CITY = "city_qc"


def served(page: Page, demo: Demo) -> str:
    """A new adult whom the owner serves, with a course in the basket. Returns where its mail goes."""
    name, telephone = f"Comptois {secrets.token_hex(2)}", f"819-555-{secrets.randbelow(10_000):04}"
    address = f"{secrets.token_hex(4)}@example.org"
    page.goto(demo.url(CITY, "/gestion/comptoir/famille"))
    expect(page.get_by_label("Prénom du parent")).to_be_visible()
    page.get_by_label("Prénom du parent").fill("Solange")
    page.get_by_label("Nom du parent", exact=True).fill(name)
    page.get_by_label(re.compile("^Téléphone")).fill(telephone)
    page.get_by_label(re.compile("^Courriel")).fill(address)
    page.get_by_role("button", name="Ajouter et inscrire").click()
    written = {
        "Nom": name,
        "Prénom": "Solange",
        "Date de naissance": "1980-05-04",
        "Rue et numéro": "1, rue des Pins",
        "Code postal": "J8X 2T3",
        "Localité": "Gatineau",
    }
    for label, value in written.items():
        page.get_by_label(family.label(label)).fill(value)
    page.get_by_label(family.label("Groupe d’âge")).select_option(label="18 ans et plus")
    page.get_by_role("button", name="Ajouter", exact=True).click()
    expect(page.get_by_text(f"{name} Solange figure dans votre liste.")).to_be_visible()
    page.goto(demo.url(CITY, "/activites/aquarelle/inscription"))
    page.get_by_role("radio", name=re.compile("Jeudi")).check()
    page.get_by_role("button", name="Ajouter", exact=True).click()
    expect(page).not_to_have_url(re.compile("/inscription"))
    page.goto(demo.url(CITY, "/commande"))
    page.get_by_role("link", name="Payer au comptoir ou plus tard").click()
    expect(page.get_by_role("heading", name="Payer au comptoir", level=1)).to_be_visible()
    return address


def chosen(page: Page, how: str) -> None:
    page.get_by_label(how).check()
    accepts = page.get_by_label("La famille a entendu les modalités de paiement et les accepte")
    if accepts.count():
        accepts.check()
    page.get_by_role("button", name="Continuer").click()


def ended(page: Page, demo: Demo) -> None:
    page.goto(demo.url(CITY, "/gestion/comptoir"))
    expect(page.get_by_role("heading", name="Comptoir", level=1)).to_be_visible()
    family.whole(page)
    banner = page.get_by_role("region", name="Vous agissez pour une famille")
    if banner.count():
        banner.get_by_role("button", name="Terminer").click()
        expect(banner).to_have_count(0)


@pytest.fixture
def clerk(demo: Demo, desk: Page) -> Iterator[Page]:
    """The owner, who serves nobody when it begins nor when it ends: the session is the other tests' too."""
    family.sign_in_staff(desk, demo, CITY, "owner")
    ended(desk, demo)
    yield desk
    ended(desk, demo)


@pytest.mark.line("S2-24", "S2-26")
def test_a_family_pays_cash_at_the_counter_and_the_drawer_goes_to_the_bank(demo, clerk, pictures):
    served(clerk, demo)
    pictures(clerk, "1-how")
    chosen(clerk, "Encaisser maintenant")
    expect(clerk.get_by_role("heading", name="Recevoir un paiement", level=1)).to_be_visible()
    expect(clerk.get_by_role("term").filter(has_text="En espèces, à la pièce")).to_be_visible()
    pictures(clerk, "2-receive")

    clerk.get_by_label("Espèces", exact=True).check()
    clerk.get_by_label(re.compile("^Somme remise en espèces")).fill("200")
    clerk.get_by_role("button", name="Enregistrer le paiement").click()

    expect(clerk.get_by_role("heading", name=re.compile("^Commande"), level=1)).to_be_visible()
    expect(clerk.get_by_text(re.compile(r"enregistrés\. Rendez .* à la famille\."))).to_be_visible()
    expect(clerk.get_by_role("link", name=re.compile(r"^Reçu \d+ \(PDF\)"))).to_be_visible()
    expect(clerk.get_by_text(re.compile(r"^Arrondi\s:"))).to_be_visible()
    pictures(clerk, "3-order")
    ended(clerk, demo)

    clerk.goto(demo.url(CITY, "/gestion/finances/depots"))
    expect(clerk.get_by_role("heading", name="Dépôts", level=1)).to_be_visible()
    pictures(clerk, "4-deposits")
    clerk.get_by_role("link", name=re.compile("^Préparer un dépôt")).first.click()
    expected = clerk.get_by_role("row", name=re.compile("^Attendu dans la caisse")).get_by_role("cell").first
    clerk.get_by_label(re.compile("^Espèces comptées")).fill(expected.inner_text())
    pictures(clerk, "5-count")
    clerk.get_by_role("button", name="Enregistrer le dépôt").click()
    expect(clerk.get_by_text(re.compile("^Le dépôt nº .* est prêt"))).to_be_visible()
    pictures(clerk, "6-made")


@pytest.mark.line("S2-23", "S2-24")
def test_a_family_that_calls_is_registered_and_pays_later_by_the_link_it_is_sent(demo, clerk, phone, pictures):
    address = served(clerk, demo)
    chosen(clerk, "Inscrire, à payer plus tard")
    expect(clerk.get_by_text("L’inscription est faite.")).to_be_visible()
    expect(clerk.get_by_role("heading", name="Échéances")).to_be_visible()
    pictures(clerk, "1-order")
    reference = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}", clerk.url)[0]
    ended(clerk, demo)

    [letter] = demo.mails(address, about="À payer")
    link = re.search(r"http\S+/compte/\S+", letter.get_body(("plain",)).get_content())[0]
    phone.goto(link)
    expect(phone.get_by_role("main")).to_contain_text(reference)

    clerk.goto(demo.url(CITY, "/gestion/finances/a-recevoir?q=" + reference))
    row = clerk.get_by_role("row", name=re.compile(reference))
    expect(row).to_be_visible()
    pictures(clerk, "2-owing")
    row.get_by_role("link", name=re.compile("^Recevoir")).click()
    clerk.get_by_label("Chèque", exact=True).check()
    clerk.get_by_role("button", name="Enregistrer le paiement").click()
    expect(clerk.get_by_role("alert")).to_contain_text("Écrivez le numéro du chèque.")
    pictures(clerk, "3-error")
    clerk.get_by_label(re.compile("^Numéro du chèque")).fill("0042")
    clerk.get_by_role("button", name="Enregistrer le paiement").click()
    expect(clerk.get_by_text(re.compile(r"enregistrés\.$"))).to_be_visible()
    clerk.goto(demo.url(CITY, "/gestion/finances/a-recevoir?q=" + reference))
    expect(clerk.get_by_role("heading", name="Aucune commande")).to_be_visible()
