"""The pages of the product on a phone: what axe-core says of them, and whether they fit the screen."""

from playwright.sync_api import Page

from tests.axe import violations
from tests.e2e import family
from tests.e2e.test_s1_guest import a_filled_sheet, an_address

VISITOR = (
    "/",
    "/activites",
    "/activites?vue=calendrier",
    "/activites/mercredis-macaroni/inscription",
    "/connexion",
    "/panier",
    "/confidentialite",
)
FAMILY = ("/mon-dossier", "/mon-dossier/inscriptions", "/mon-dossier/comptes-et-recus", "/profil/enfants/ajouter")
DATA = ("/mon-dossier/mes-donnees", "/mon-dossier/mes-donnees/effacer")
WEEKS = "/activites/plaines-ete-primaires"
STAFF = ("/", "/activites", "/activites/mercredis-macaroni", "/inscriptions", "/finances", "/personnel")
PROTECTION = ("/protection", "/protection/registre", "/protection/conservation", "/protection/cles")


def visit(page: Page, address: str) -> None:
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200, address
    look(page)


def look(page: Page) -> None:
    assert violations(page) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth") == 360, page.url


def test_a_visitor_meets_no_barrier_up_to_the_payment(demo, phone):
    for path in VISITOR:
        visit(phone, demo.url("school_board_qc", path))

    a_filled_sheet(phone, demo, an_address())
    look(phone)
    family.reach_summary(phone)
    look(phone)


def test_a_family_meets_no_barrier_in_its_file_and_among_the_weeks(demo, phone):
    family.sign_in(phone, demo.url("commune_be", "/connexion"), *demo.login("commune_be", "guardian"))
    for path in (*FAMILY, *DATA, WEEKS, f"{WEEKS}/inscription"):
        visit(phone, demo.url("commune_be", path))


def test_the_staff_meet_no_barrier_in_their_workplace(demo, phone):
    family.sign_in_staff(phone, demo, "school_board_qc", "owner")
    for path in (*STAFF, *PROTECTION):
        visit(phone, demo.url("school_board_qc", f"/gestion{path}"))


def test_the_button_of_an_offering_shows_without_scrolling(demo, phone):
    for organisation, path in (("school_board_qc", "/activites/mercredis-macaroni"), ("commune_be", WEEKS)):
        phone.goto(demo.url(organisation, path))
        button = phone.get_by_role("complementary").locator("a.button").bounding_box()
        assert button is not None
        assert button["y"] + button["height"] <= 740
