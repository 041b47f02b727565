"""A commune that nobody knew: from the platform's page to a family's payment and the platform's own invoice."""

import re
import secrets
import time
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from celery import Celery
from playwright.sync_api import Page, expect
from psycopg import sql

from deploy.embedded import totp
from tests.axe import violations
from tests.e2e import family
from tests.e2e.demo import Demo
from tests.e2e.family import label
from tests.e2e.test_offering_editor import begin, press
from tests.e2e.test_s1_account import sign_up
from tests.e2e.test_s4_cases import HOUSEHOLD, add_child, sign_record

PASSWORD = "une-commune-et-7-moulins"
PRICE = "45,00\u00a0€"
# A month of the plan, and the tax of Belgium.
INVOICED = re.compile(r"47,19\s€")


@dataclass
class Commune:
    """One run's own."""

    demo: Demo
    slug: str
    owner: str
    name: str = "Commune de Val-Clair"
    secret: str = ""
    last_step: int = 0

    def url(self, path: str = "/") -> str:
        return self.demo.platform(path).replace("//localhost", f"//{self.slug}.localhost")

    def row(self, statement: str, *values: Any) -> Any:
        """What the registry says, or is made to say, of this commune: `{its}` is its identifier there."""
        its = "(SELECT id FROM tenants_organisation WHERE slug = %(slug)s)"
        with psycopg.connect(self.demo.facts["database_url"]) as database:
            done = database.execute(statement.format(its=its), {"slug": self.slug})
            return done.fetchone()

    def a_day_earlier(self) -> str:
        """As if all of it had been the day before: the name of its schema."""
        moved = "UPDATE tenants_organisation SET created_at = created_at - interval '1 day'"
        [schema] = self.row(f"{moved} WHERE slug = %(slug)s RETURNING schema_name")
        with psycopg.connect(self.demo.facts["database_url"]) as database:
            for table, column in (("registrations_registration", "confirmed_at"), ("payments_payment", "ended_at")):
                names = {"table": sql.Identifier(schema, table), "column": sql.Identifier(column)}
                earlier = sql.SQL("UPDATE {table} SET {column} = {column} - interval '1 day'")
                database.execute(earlier.format(**names))
        return str(schema)


@pytest.fixture
def commune(demo: Demo) -> Commune:
    drawn = secrets.token_hex(3)
    return Commune(demo, f"val-clair-{drawn}", f"ada-{drawn}@val-clair.example")


def send_round(commune: Commune, task: str, **headers: str) -> None:
    """A regular task, now rather than within the hour."""
    Celery(broker=commune.demo.facts["redis_url"]).send_task(task, headers=headers)


def asks(page: Page, commune: Commune, picture: Any) -> None:
    demo = commune.demo
    page.goto(demo.platform())
    picture(page, "01-product")
    page.get_by_role("link", name="Voir les prix").click()
    expect(page.get_by_role("heading", name="Essentiel")).to_be_visible()
    picture(page, "02-prices")
    page.get_by_role("link", name="Ouvrir l’espace de mon organisation").click()
    page.get_by_label("Nom de votre organisation").fill(commune.name)
    page.get_by_label("Commune (Belgique)").check()
    page.get_by_role("group", name="Langue principale").get_by_label("Français").check()
    page.get_by_role("group", name=re.compile("^Autres langues")).get_by_label("Nederlands").check()
    picture(page, "03-organisation")
    go_on(page, "L’adresse de votre site")
    page.get_by_label("Adresse", exact=True).fill(commune.slug)
    expect(page.get_by_text(re.compile(f"^{commune.slug}.* est libre"))).to_be_visible()
    picture(page, "04-address")
    go_on(page, "La première personne")
    page.get_by_label(label("Prénom")).fill("Ada")
    page.get_by_label(label("Nom")).fill("Noël")
    page.get_by_label(label("Courriel")).fill(commune.owner)
    picture(page, "05-person")
    go_on(page, "Votre forfait")
    page.get_by_label("Essentiel").check()
    picture(page, "06-plan")
    go_on(page, "Vérifiez vos réponses")
    page.get_by_label(re.compile("^J’ai lu les conditions")).check()
    picture(page, "07-check")
    press(page, "Accepter et recevoir le code")
    expect(page.get_by_role("heading", name="Recopiez le code")).to_be_visible()
    [mail] = demo.mails(commune.owner)
    picture(page, "08-code")
    [code] = re.findall(r"\b\d{6}\b", mail.get_body(("plain",)).get_content())
    page.get_by_label("Code à six chiffres").fill(code)
    press(page, "Confirmer")
    expect(page.get_by_role("heading", name="Votre demande est envoyée")).to_be_visible()
    picture(page, "09-sent")


def go_on(page: Page, heading: str) -> None:
    press(page, "Continuer")
    expect(page.get_by_role("heading", name=heading)).to_be_visible()


def operator_signs_in(desk: Page, demo: Demo, path: str) -> None:
    operator = demo.facts["platform"]["operator"]
    family.sign_in(desk, demo.platform(f"/connexion?next={path}"), operator["email"], operator["password"])
    family.show_second_factor(desk, operator["totp_secret"])


def is_approved(desk: Page, commune: Commune, picture: Any) -> None:
    demo = commune.demo
    operator = demo.facts["platform"]["operator"]["email"]
    assert demo.mails(operator, about="Une organisation demande à ouvrir son espace")
    operator_signs_in(desk, demo, f"/console/demandes?q={commune.slug}")
    picture(desk, "10-requests")
    desk.get_by_role("link", name=commune.name).click()
    expect(desk.get_by_role("button", name=re.compile("^Accepter la demande"))).to_be_visible()
    picture(desk, "11-request")
    desk.get_by_role("button", name=re.compile("^Accepter la demande")).click()
    expect(desk.get_by_role("heading", name=commune.name)).to_be_visible()


def comes_in(page: Page, commune: Commune, picture: Any) -> None:
    """The page that waited leads in; then a password and a second factor."""
    page.reload()
    expect(page.get_by_role("heading", name="Votre espace est prêt")).to_be_visible(timeout=30_000)
    picture(page, "12-ready")
    [mail] = commune.demo.mails(commune.owner, about="invité")
    page.get_by_role("link", name="Entrer dans mon espace").click()
    expect(page.get_by_role("heading", name="Bienvenue")).to_be_visible()
    # What follows is when it was signed.
    assert page.url.rsplit(":", 2)[0] in mail.get_body(("plain",)).get_content()
    picture(page, "13-welcome")
    page.get_by_label(label("Mot de passe")).fill(PASSWORD)
    page.get_by_label(label("Confirmer le mot de passe")).fill(PASSWORD)
    press(page, "Choisir ce mot de passe et entrer")
    page.get_by_role("link", name="Activer une application d’authentification").click()
    commune.secret = page.get_by_label("Clé à recopier").inner_text().strip()
    page.get_by_label(label("Code")).fill(totp.code(commune.secret, at=time.time()))
    press(page, "Activer")
    page.goto(commune.url("/gestion/"))
    expect(page.get_by_role("heading", name="Votre premier jour")).to_be_visible()
    picture(page, "14-first-day")


def settles_in(page: Page, commune: Commune, picture: Any) -> None:
    """Who it is, a place, and the account that its money goes to."""
    page.goto(commune.url("/gestion/reglages/identite"))
    page.get_by_label(label("Courriel")).fill("accueil@val-clair.example")
    page.get_by_label(label("Adresse")).fill("Place du Moulin 1\n4999 Val-Clair")
    press(page, "Enregistrer")
    expect(page.get_by_role("main").get_by_text(re.compile("enregistré")).first).to_be_visible()
    picture(page, "15-identity")
    page.goto(commune.url("/gestion/reglages/comptes"))
    page.get_by_role("link", name="Ajouter un compte").click()
    page.get_by_label(label("Nom")).fill(commune.name)
    page.get_by_label(label("Nom légal")).fill(f"Administration communale, {commune.name}")
    page.get_by_label(label("Adresse courriel")).fill("finances@val-clair.example")
    picture(page, "16-payee")
    press(page, "Continuer chez le processeur")
    press(page, "Tout fournir et terminer")
    expect(page.get_by_text("Le compte est en service").first).to_be_visible()
    picture(page, "17-account")
    page.goto(commune.url("/gestion/etablissements/ajouter"))
    page.get_by_label(label("Nom")).fill("Le Moulin")
    press(page, "Ajouter")
    expect(page.get_by_text("Le Moulin").first).to_be_visible()


def publishes(page: Page, commune: Commune, picture: Any) -> None:
    page.goto(commune.url("/gestion/activites/nouvelle"))
    begin(page, "Sortie", "Descente du Val")
    page.get_by_label(label("Résumé")).fill("Une journée sur l’eau, pour tous les niveaux.")
    press(page, "Enregistrer et continuer")
    page.get_by_role("link", name="Ajouter un choix").click()
    page.get_by_label(label("Nom")).fill("En kayak")
    page.get_by_label(label("Prix")).fill("45,00")
    page.get_by_label(label("Nombre de places")).fill("12")
    press(page, "Enregistrer le choix")
    expect(page.get_by_role("link", name="Modifier En kayak")).to_be_visible()
    page.get_by_role("link", name="7. Vérifier et publier").click()
    picture(page, "18-publish")
    press(page, "Publier maintenant")
    expect(page.get_by_text("Les familles la voient.")).to_be_visible()


def opens(page: Page, stranger: Page, commune: Commune, picture: Any) -> None:
    stranger.goto(commune.url())
    expect(stranger.get_by_role("heading", name="Ce site ouvre bientôt")).to_be_visible()
    page.goto(commune.url("/gestion/premier-jour/ouvrir"))
    picture(page, "19-go-live")
    press(page, "Ouvrir aux familles")
    expect(page.get_by_text("Le site est ouvert").first).to_be_visible()
    stranger.goto(commune.url("/activites"))
    expect(stranger.get_by_role("link", name="Descente du Val", exact=True)).to_be_visible()


def a_parent_pays(phone: Page, commune: Commune, picture: Any) -> None:
    phone.goto(commune.url("/inscription"))
    sign_up(phone, commune.demo)
    phone.goto(commune.url("/profil/enfants/ajouter"))
    add_child(phone, "Renard", "Hugo", **HOUSEHOLD)
    expect(phone).to_have_url(re.compile("/fiches/fiche-sante$"))
    phone.get_by_label(label("Médecin traitant")).fill("Dre Anne Marchal")
    phone.get_by_label(label("Téléphone du médecin")).fill("04 222 01 02")
    sign_record(phone)
    phone.goto(commune.url("/activites/descente-du-val/inscription"))
    phone.get_by_label(re.compile("En kayak")).check()
    phone.get_by_role("button", name="Inscrire").click()
    phone.get_by_role("link", name="Régler mon panier").click()
    picture(phone, "20-basket")
    phone.get_by_role("link", name="Finaliser mes inscriptions").click()
    phone.get_by_role("button", name=re.compile("^Payer 45,00")).click()
    family.pay_on_hosted_page(phone)
    expect(phone).to_have_url(re.compile("/confirmation/"))
    expect(phone.get_by_text(PRICE).first).to_be_visible()
    picture(phone, "21-confirmation")


def is_invoiced(page: Page, desk: Page, commune: Commune, picture: Any) -> None:
    """As if the trial had ended, and the family had come the day before."""
    subscription = "/gestion/reglages/abonnement"
    page.goto(commune.url(f"{subscription}/facturation"))
    page.get_by_label(label("Courriel de la comptabilité")).fill("finances@val-clair.example")
    page.get_by_label(label("Adresse")).fill("Place du Moulin 1")
    page.get_by_label(label("Ville")).fill("Val-Clair")
    page.get_by_label(label("Code postal")).fill("4999")
    press(page, "Enregistrer")
    expect(page).to_have_url(commune.url(subscription))
    commune.row("UPDATE billing_subscription SET trial_until = now() WHERE organisation_id = {its} RETURNING 1")
    send_round(commune, "billing.tasks.look_at_subscriptions")
    _reload_until(page, commune.url(subscription), INVOICED)

    schema = commune.a_day_earlier()
    send_round(commune, "billing.count_usage", organisation=schema)
    _reload_until(page, commune.url(subscription), re.compile("1 sur 150 compris"))
    expect(page.get_by_role("region", name="Utilisation")).to_contain_text(PRICE)
    used = "SELECT participants, transactions, volume_cents FROM billing_usage WHERE organisation_id = {its}"
    assert commune.row(f"{used} AND sent_at IS NOT NULL AND participants > 0") == (1, 1, 4500)
    picture(page, "22-subscription")
    desk.goto(commune.demo.platform(f"/console/organisations/{commune.slug}/facturation"))
    expect(desk.get_by_text(INVOICED).first).to_be_visible()
    picture(desk, "23-console")


def _reload_until(page: Page, address: str, words: re.Pattern[str]) -> None:
    deadline = time.monotonic() + 60
    page.goto(address)
    while not page.get_by_role("main").get_by_text(words).count():
        assert time.monotonic() < deadline, f"{words.pattern} never came on {address}"
        page.wait_for_timeout(500)
        page.goto(address)
        family.whole(page)


def test_a_new_commune_comes_sells_and_is_invoiced(demo, commune, visitor, picture):
    def look(page: Page, name: str) -> None:
        family.whole(page)
        assert violations(page) == [], page.url
        picture(page, name)

    owner, desk, phone = (visitor(desk=True).new_page(), visitor(desk=True).new_page(), visitor().new_page())
    asks(owner, commune, look)
    is_approved(desk, commune, look)
    comes_in(owner, commune, look)
    settles_in(owner, commune, look)
    publishes(owner, commune, look)
    opens(owner, phone, commune, look)
    a_parent_pays(phone, commune, look)
    is_invoiced(owner, desk, commune, look)
