"""A camp in two payments: the second is taken by itself a month later, where the clock can be moved."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from playwright.sync_api import Page, expect

from deploy.embedded import services
from tests.axe import violations
from tests.e2e import family
from tests.e2e.demo import Demo
from tests.e2e.test_other_organisations import fill_what_is_asked

CITY = "city_qc"
MONTH = 32 * 86400


@pytest.fixture(scope="module")
def ours() -> Iterator[Demo]:
    """An installation of its own: nobody else's month may go by."""
    with services.temporary_folder() as folder, services.platform(folder) as facts:
        yield Demo(facts)


@contextmanager
def later(demo: Demo, *, seconds: int) -> Iterator[None]:
    """As if so much time had gone by, for the platform and for the processor."""
    moved = Path(demo.facts["state"]) / "clock"
    before = moved.read_text() if moved.exists() else "0"
    demo.control("/clock", {"advance_seconds": seconds})
    moved.write_text(str(float(before) + seconds))
    try:
        yield
    finally:
        moved.write_text(before)


def comes_round(demo: Demo, task: str) -> None:
    """What the regular tasks do by themselves every hour."""
    asker = Celery(broker=demo.facts["redis_url"], set_as_current=False)
    asker.send_task("tenants.tasks.each_organisation", kwargs={"task_name": task})
    asker.close()


def charged(demo: Demo, count: int) -> list[int]:
    """The amounts that the processor's own books say were taken, once there are so many."""
    deadline = time.monotonic() + 120
    while True:
        found = [charge["amount"] for charge in demo.charges(CITY) if charge["status"] == "succeeded"]
        if len(found) >= count or time.monotonic() > deadline:
            return sorted(found)
        time.sleep(0.5)


def arrive(page: Page, demo: Demo, email: str, password: str) -> None:
    # The first page of a new installation takes its time.
    page.goto(demo.url(CITY), timeout=90_000)
    family.sign_in(page, demo.url(CITY, "/connexion"), email, password)


def child_named(page: Page, demo: Demo, name: str) -> str:
    page.goto(demo.url(CITY, "/mon-dossier"))
    card = page.get_by_role("main").get_by_role("listitem").filter(has_text=name)
    address = card.get_by_role("link", name=re.compile("^Inscrire")).first.get_attribute("href")
    return re.search("enfant=([^&]+)", address or "")[1]


def camp_in_the_basket(page: Page, demo: Demo) -> None:
    arrive(page, demo, *demo.login(CITY, "guardian"))
    child = child_named(page, demo, "Gagnon Olivier")
    page.goto(demo.url(CITY, f"/activites/camp-sciences/inscription?enfant={child}"))
    page.get_by_label(re.compile("Volcans")).check()
    fill_what_is_asked(page)
    page.get_by_role("main").get_by_role("button", name=re.compile("Ajouter|Confirmer")).first.click()
    expect(page.get_by_role("heading", name="Ajouté au panier")).to_be_visible()


@pytest.mark.line("S2-13", "S2-15")
def test_without_a_script_the_amount_is_shown_before_it_is_paid(ours: Demo, visitor: Any) -> None:
    page = visitor(javascript=False).new_page()
    arrive(page, ours, "nadia.benali@famille.example", ours.guardian(CITY)["password"])
    child = child_named(page, ours, "Benali Sami")
    page.goto(ours.url(CITY, f"/activites/camp-de-jour-ete/inscription?enfant={child}"))
    for name in ("Au fond des mers", "Le grand spectacle"):
        page.get_by_label(re.compile(name)).check()
    fill_what_is_asked(page)
    page.get_by_role("main").get_by_role("button", name=re.compile("Ajouter|Confirmer")).first.click()
    page.goto(ours.url(CITY, "/commande"))

    page.get_by_label("2 paiements mensuels").check()
    page.get_by_label(re.compile("^J’accepte les modalités")).check()
    page.get_by_role("button", name=re.compile("^Payer")).click()
    expect(page.get_by_text("Vérifiez le montant")).to_be_visible()
    expect(page.get_by_label("2 paiements mensuels")).to_be_checked()
    page.get_by_role("button", name=re.compile(r"^Payer .* maintenant et s’inscrire")).click()
    expect(page.get_by_text("Simulation").first).to_be_visible()


@pytest.mark.line("S2-12", "S2-13", "S2-15", "S2-16", "S2-19", "S2-22")
def test_half_is_paid_now_and_half_by_itself_a_month_later(ours: Demo, phone: Page, pictures: Any) -> None:
    camp_in_the_basket(phone, ours)
    phone.goto(ours.url(CITY, "/commande"))
    expect(phone.get_by_role("heading", name="Termes de paiement")).to_be_visible()
    expect(phone.get_by_label("En entier, maintenant")).to_be_checked()
    phone.get_by_label("2 paiements mensuels").check()
    pay = phone.get_by_role("button", name=re.compile(r"^Payer 92,50\s\$ maintenant et s’inscrire"))
    expect(pay).to_be_visible()
    pictures(phone, "1-terms")

    pay.click()
    expect(phone.get_by_role("alert").first).to_contain_text("Acceptez les modalités de paiement pour continuer.")
    phone.get_by_label(re.compile("^J’accepte les modalités")).check()
    phone.get_by_role("button", name=re.compile("^Payer")).click()
    family.pay_on_hosted_page(phone)
    expect(phone).to_have_url(re.compile("/confirmation/"))
    expect(phone.get_by_role("region", name="Ce qui reste à payer")).to_contain_text("Prélevé automatiquement")
    pictures(phone, "2-confirmation")
    confirmation = phone.url
    assert charged(ours, 1) == [9250]
    told = ours.mails(ours.guardian(CITY)["email"], about="Inscription confirmée")[0].get_body(("plain",)).get_content()
    assert re.search(r"À payer le \w+ \d+\w* \w+ \d{4}", told)

    with later(ours, seconds=MONTH):
        comes_round(ours, "payments.instalments")
        assert charged(ours, 2) == [9250, 9250]
        expect_paid(phone, confirmation)


def expect_paid(page: Page, confirmation: str) -> None:
    """The page holds the truth of the ledger, once the answer of the bank is entered."""
    deadline = time.monotonic() + 30
    page.goto(confirmation)
    while page.get_by_role("region", name="Ce qui reste à payer").count() and time.monotonic() < deadline:
        page.wait_for_timeout(500)
        page.reload()
    expect(page.get_by_text(re.compile(r"Payé à Ville de Valmont"))).to_be_visible()
    expect(page.get_by_text(re.compile(r"Reste à payer"))).to_have_count(0)
    assert violations(page) == []
