"""Ontario's store, children in two schools: the card is typed once, each school is paid on its own account."""

import re
from collections import Counter
from collections.abc import Callable

import psycopg
import pytest
from playwright.sync_api import Page, expect

from tests.e2e import family
from tests.e2e.demo import Demo

BOARD = "school_board_on"
AURELIE, EMILE = "École élémentaire catholique Sainte-Aurélie", "École élémentaire catholique Saint-Émile"


def account_of(demo: Demo, payee: str) -> str:
    with psycopg.connect(demo.facts["database_url"]) as database:
        found = database.execute("SELECT processor_id FROM billing_connectedaccount WHERE name = %s", [payee])
        [account] = found.fetchone() or [""]
    return str(account)


def charged(demo: Demo, payee: str) -> list[tuple[int, str]]:
    books = demo.control(f"/books?account={account_of(demo, payee)}")
    return [(charge["amount"], charge["status"]) for charge in books["charges"]]


def put_in_basket(page: Page, demo: Demo, slug: str, child: str, *, pieces: int) -> None:
    page.goto(demo.url(BOARD, f"/activites/{slug}/inscription"))
    page.get_by_role("link", name=re.compile(f"^Choisir Mbeki {child}")).click()
    family.quantities(page)[0].fill(str(pieces))
    for field in page.locator("main form[method=post] input[type=text][required]").all():
        if field.is_visible() and not field.input_value():
            field.fill("Mme Lavoie")
    page.get_by_role("main").get_by_role("button", name=re.compile("Ajouter|Confirmer")).first.click()
    expect(page.get_by_role("heading", name="Ajouté au panier")).to_be_visible()


def give_card(page: Page, card: str = family.SUCCESS) -> None:
    """On the processor's page, which takes nothing itself."""
    expect(page.get_by_text("Simulation").first).to_be_visible()
    family.whole(page)
    page.get_by_label("Numéro de carte").fill(card)
    page.get_by_label("Date d’expiration").fill("12 / 34")
    page.get_by_label("CVC").fill("123")
    page.get_by_label("Nom du titulaire").fill("Daniel Mbeki")
    page.get_by_role("button", name="Enregistrer").click()


def to_the_summary(page: Page, demo: Demo) -> None:
    page.goto(demo.url(BOARD, "/commande"))
    expect(page.get_by_text("Vous donnez votre carte une seule fois")).to_be_visible()


@pytest.fixture
def daniel(demo: Demo, phone: Page) -> Page:
    family.sign_in(phone, demo.url(BOARD, "/connexion"), *demo.login(BOARD, "guardian"))
    return phone


@pytest.mark.line("S3-19", "S3-20")
def test_two_schools_are_paid_by_one_consent(demo: Demo, daniel: Page, pictures: Callable[[Page, str], None]) -> None:
    before = [len(charged(demo, payee)) for payee in (AURELIE, EMILE)]
    put_in_basket(daniel, demo, "pizza-sainte-aurelie", "Amara", pieces=2)
    put_in_basket(daniel, demo, "pizza-saint-emile", "Elias", pieces=1)
    to_the_summary(daniel, demo)
    pictures(daniel, "1-summary")
    daniel.get_by_role("button", name=re.compile(r"^Payer 11,25\s\$ en une fois")).click()

    expect(daniel.get_by_text(re.compile(rf"7,00\s\$ à {AURELIE} et 4,25\s\$ à {EMILE}"))).to_be_visible()
    give_card(daniel)

    expect(daniel.get_by_role("heading", name="C’est confirmé")).to_be_visible()
    pictures(daniel, "2-confirmation")
    after = [len(charged(demo, payee)) for payee in (AURELIE, EMILE)]
    assert [now - then for now, then in zip(after, before, strict=True)] == [1, 1]
    assert (700, "succeeded") in charged(demo, AURELIE)
    assert (425, "succeeded") in charged(demo, EMILE)
    receipts = [_receipt(daniel, link) for link in _confirmations(daniel)]
    assert receipts == ["%PDF", "%PDF"]


@pytest.mark.line("S3-19")
def test_what_one_school_s_account_refuses_is_told_and_the_other_stays_paid(
    demo: Demo, daniel: Page, pictures: Callable[[Page, str], None]
) -> None:
    before = Counter(charged(demo, EMILE))
    put_in_basket(daniel, demo, "mais-souffle-sainte-aurelie", "Amara", pieces=2)
    put_in_basket(daniel, demo, "pizza-saint-emile", "Elias", pieces=2)
    to_the_summary(daniel, demo)
    demo.control("/faults", {"rules": [{"kind": "decline", "account": account_of(demo, EMILE), "times": 1}]})
    daniel.get_by_role("button", name=re.compile(r"^Payer 11,50\s\$ en une fois")).click()
    give_card(daniel)

    refused = daniel.get_by_text(re.compile(rf"La carte n’a pas pu payer 8,50\s\$ à {EMILE}"))
    expect(refused.first).to_be_visible()
    expect(daniel.get_by_text(re.compile(rf"Payé.: 3,00\s\$ à {AURELIE}"))).to_be_visible()
    pictures(daniel, "1-one-refused")
    daniel.get_by_role("button", name=re.compile(r"^Payer 8,50\s\$")).click()
    family.pay_on_hosted_page(daniel)

    expect(daniel.get_by_role("heading", name="C’est confirmé")).to_be_visible()
    assert Counter(charged(demo, EMILE)) - before == Counter({(850, "failed"): 1, (850, "succeeded"): 1})


def _confirmations(page: Page) -> list[str]:
    """Of this order, and of the one beside it."""
    links = page.get_by_role("main").get_by_role("link").all()
    others = [str(link.get_attribute("href")) for link in links]
    return [page.url, *sorted({url for url in others if re.fullmatch(r"/confirmation/[\w-]+", url)})]


def _receipt(page: Page, address: str) -> str:
    """The first letters of the file: what the browser itself is given."""
    read = "async (url) => (await (await fetch(url)).text()).slice(0, 4)"
    return str(page.evaluate(read, f"{address}/recu.pdf"))
