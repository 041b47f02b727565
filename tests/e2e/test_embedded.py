"""The processor's page inside ours: paid on a phone, and nothing loaded from anywhere that is not in the inventory."""

import json
import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import psycopg
import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect
from psycopg import sql

from shared_apps.design import third_parties
from tests.e2e import family
from tests.e2e.demo import Demo
from tests.e2e.test_s1_guest import a_filled_sheet, an_address

BOARD = "school_board_qc"


@pytest.fixture
def embedding(demo: Demo) -> Iterator[None]:
    """The setting of the school board, put back at the end."""
    with psycopg.connect(demo.facts["database_url"], autocommit=True) as database:
        found = database.execute("SELECT schema_name FROM tenants_organisation WHERE slug = %s", [demo.slug(BOARD)])
        [schema] = found.fetchone() or [""]
        profiles = sql.Identifier(str(schema), "organisation_profile")
        [before] = database.execute(sql.SQL("SELECT rules -> 'paying' FROM {}").format(profiles)).fetchone() or [None]
        put = sql.SQL("UPDATE {} SET rules = jsonb_set(rules, '{{paying}}', %s)").format(profiles)
        database.execute(put, [json.dumps({**(before or {}), "page": "embedded"})])
        try:
            yield
        finally:
            database.execute(put, [json.dumps(before or {})])


def to_the_payment(page: Page, demo: Demo) -> None:
    a_filled_sheet(page, demo, an_address())
    family.reach_summary(page)
    page.get_by_role("button", name=re.compile("^Payer 16,50")).click()
    expect(page.get_by_role("heading", name=re.compile(r"^Payer 16,50\s\$ à "))).to_be_visible()
    expect(page).to_have_url(re.compile(r"/paiement/[\w-]+$"))


def pay_inside(page: Page, card: str = family.SUCCESS) -> None:
    """In the frame, whose own words these are."""
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("Simulation").first).to_be_visible()
    typed = {"Numéro de carte": card, "Date d’expiration": "12 / 34", "CVC": "123", "Nom du titulaire": "M. Lapointe"}
    typed |= {"Adresse": "225, rue Saint-Rédempteur", "Ville": "Gatineau", "Code postal": "J8X 2T3"}
    for name, value in typed.items():
        field = frame.get_by_label(re.compile(f"^{name}"))
        if field.count():
            field.first.fill(value)
    province = frame.get_by_label(re.compile("^Province"))
    if province.count():
        province.select_option(label="Québec")
    frame.get_by_role("button", name=re.compile("^Payer")).click()


def test_a_family_pays_without_leaving_the_site(
    demo: Demo, phone: Page, embedding: None, pictures: Callable[[Page, str], None]
) -> None:
    asked: list[Request] = []
    refused: list[str] = []
    phone.on("request", lambda request: asked.append(request))
    phone.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)
    to_the_payment(phone, demo)
    expect(phone.frame_locator("iframe").get_by_label("Numéro de carte")).to_be_visible()
    pictures(phone, "1-payment")
    pay_inside(phone)

    expect(phone.get_by_role("heading", name="C’est confirmé")).to_be_visible()
    family.reference(phone)
    processor = demo.facts["sandbox"]["api"]
    its = third_parties.of_processor(processor, f"{processor}/v3/stripe.js")
    known = {third_parties.origin_of(demo.url(BOARD)), *its.scripts, *its.frames, *its.connections}
    assert {third_parties.origin_of(each.url) for each in asked if not each.url.startswith("data:")} == known
    scripts = {each.url for each in asked if each.resource_type == "script" and each.url.startswith(processor)}
    assert {urlsplit(url).path for url in scripts} == {"/v3/stripe.js", "/static/framed.js"}
    assert refused == []


def test_a_card_that_is_declined_leaves_the_page_for_another(demo: Demo, phone: Page, embedding: None) -> None:
    to_the_payment(phone, demo)
    pay_inside(phone, family.DECLINED)
    expect(phone.frame_locator("iframe").get_by_text("La banque a refusé la carte.").first).to_be_visible()
    pay_inside(phone)

    expect(phone.get_by_role("heading", name="C’est confirmé")).to_be_visible()


def test_without_the_processor_s_script_its_own_page_is_there(
    demo: Demo, phone: Page, embedding: None, pictures: Callable[[Page, str], None]
) -> None:
    phone.route("**/v3/stripe.js", lambda route: route.abort())
    to_the_payment(phone, demo)
    expect(phone.get_by_text("La page de paiement ne s’affiche pas ici.")).to_be_visible()
    pictures(phone, "1-failed")
    phone.get_by_role("button", name="Payer sur la page du processeur").click()
    family.pay_on_hosted_page(phone)

    expect(phone.get_by_role("heading", name="C’est confirmé")).to_be_visible()


def test_without_javascript_the_processor_s_own_page_is_there(
    demo: Demo, phone: Page, visitor: Callable[..., BrowserContext], embedding: None
) -> None:
    to_the_payment(phone, demo)
    page = visitor(javascript=False).new_page()
    page.goto(phone.url)
    expect(page.get_by_text("Si rien ne s’affiche, payez sur la page du processeur.")).to_be_visible()
    page.get_by_role("button", name="Payer sur la page du processeur").click()
    family.pay_on_hosted_page(page)

    expect(page.get_by_role("heading", name="C’est confirmé")).to_be_visible()
