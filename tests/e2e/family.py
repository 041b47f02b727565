"""What a parent does on the pages, in the words the pages use."""

import re
import time
from typing import Any

from playwright.sync_api import Page, expect

from deploy.embedded import totp
from tests.e2e.demo import Demo

# The sessions of staff, by organisation and role.
_open: dict[tuple[str, str], list[Any]] = {}

SUCCESS = "4242 4242 4242 4242"
DECLINED = "4000 0000 0000 0002"

CHILD = {
    "Nom de l’élève": "Lapointe",
    "Prénom de l’élève": "John",
    "Groupe-repère": "601",
    "Nom de l’enseignant": "Mme Laplante",
    "Nom de l’autorité parentale": "Lapointe",
    "Prénom de l’autorité parentale": "Marie",
}


def label(words: str) -> re.Pattern[str]:
    """A label may end with a mark: « * » or « (facultatif) »."""
    return re.compile(rf"^{re.escape(words)}\s*(\*|\(facultatif\)|:)?\s*$")


def whole(page: Page) -> None:
    """For what is counted or must not be there, not waited for: a page shows before all of it has come.

    What only the page looked for has is expected first: until its answer comes, the one before is whole.
    """
    page.wait_for_load_state("domcontentloaded")


def titles(page: Page) -> list[str]:
    """What a list of activities offers."""
    whole(page)
    return [" ".join(title.split()) for title in page.get_by_role("main").locator(".card h2").all_inner_texts()]


def reference(page: Page) -> str:
    """Of the order that is confirmed."""
    expect(page).to_have_url(re.compile("/confirmation/"))
    whole(page)
    return re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}", page.inner_text("main"))[0]


def fill_child(page: Page, *, email: str, level: str = "2e année", school: str = "École du Dôme") -> None:
    expect(page.get_by_label(label("Niveau scolaire"))).to_be_visible()
    whole(page)
    for name, value in CHILD.items():
        field = page.get_by_label(label(name))
        if field.count():
            field.fill(value)
    page.get_by_label(label("Niveau scolaire")).select_option(label=level)
    if page.get_by_label(label("École")).count():
        page.get_by_label(label("École")).select_option(label=school)
    page.get_by_label(re.compile("^Courriel")).fill(email)


def quantities(page: Page) -> list:
    found = page.get_by_label(re.compile("^Quantité"))
    expect(found.first).to_be_visible()
    whole(page)
    return found.all()


def confirm_sheet(page: Page) -> None:
    """Sent at once, or when the browser has done its work: until the next page is there, this one still is."""
    page.get_by_role("button", name="Confirmer").click()


def reach_summary(page: Page) -> None:
    confirm_sheet(page)
    expect(page.get_by_role("heading", name="Résumé des informations")).to_be_visible()


def pay_on_hosted_page(page: Page, card: str = SUCCESS) -> None:
    """Fill in the processor's page, whose own words these are."""
    expect(page.get_by_text("Simulation").first).to_be_visible()
    whole(page)
    page.get_by_label("Numéro de carte").fill(card)
    page.get_by_label("Date d’expiration").fill("12 / 34")
    page.get_by_label("CVC").fill("123")
    page.get_by_label("Nom du titulaire").fill("Marie Lapointe")
    for name, value in {"Adresse": "225, rue Saint-Rédempteur", "Ville": "Gatineau", "Code postal": "J8X 2T3"}.items():
        field = page.get_by_label(re.compile(f"^{name}"))
        if field.count():
            field.first.fill(value)
    province = page.get_by_label(re.compile("^Province"))
    if province.count():
        province.select_option(label="Québec")
    page.get_by_role("button", name=re.compile("^Payer")).click()


def sign_in(page: Page, url: str, email: str, password: str) -> None:
    page.goto(url)
    # Where the rules say so, « Courriel ou code d’utilisateur ».
    page.get_by_label(re.compile("^Courriel")).fill(email)
    page.get_by_label(label("Mot de passe")).fill(password)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    expect(page).not_to_have_url(re.compile(r"/connexion(\?|$)"))
    whole(page)


def sign_in_staff(page: Page, demo: Demo, organisation: str, role: str, path: str = "/gestion/") -> None:
    """The password, then the code of the application; then the page asked for. Later visits go on with the session."""
    person = demo.staff(organisation, role)
    if known := _open.get((organisation, role)):
        page.context.add_cookies(known)
        page.goto(demo.url(organisation, path))
        return
    sign_in(page, demo.url(organisation, f"/connexion?next={path}"), person["email"], person["password"])
    show_second_factor(page, person["totp_secret"])
    _open[organisation, role] = [cookie for cookie in page.context.cookies() if cookie["name"] == "session"]


def show_second_factor(page: Page, secret: str) -> None:
    """A code opens a door once: who comes back within the half minute waits for the next."""
    deadline = time.monotonic() + 40
    while page.url.endswith("/connexion/second-facteur"):
        assert time.monotonic() < deadline, "No code was taken."
        page.get_by_label(label("Code")).fill(totp.code(secret, at=time.time()))
        # The answer to a code not taken has the same address.
        with page.expect_event("domcontentloaded"):
            page.get_by_role("button", name="Se connecter", exact=True).click()
        if page.url.endswith("/connexion/second-facteur"):
            page.wait_for_timeout(1000 * (totp.STEP_SECONDS - time.time() % totp.STEP_SECONDS))


def is_signed_in(page: Page) -> None:
    """« Compte » opens on « Mon dossier », « Profil » and « Déconnexion »."""
    expect(page.get_by_text("Compte", exact=True).first).to_be_visible()
    expect(page.get_by_text("Déconnexion").first).to_be_attached()
    expect(page.get_by_text("Profil").first).to_be_attached()
