"""The journey of a waiting family in a real browser, on real web processes: gathering, drawn, called, inside."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from kernel import clock
from shared_apps.audit.actors import SYSTEM
from tenant_apps.families.models import Guardian
from tenant_apps.openings import operations
from tenant_apps.openings.models import Opening, Ticket
from tenant_apps.registrations.models import Registration, Status
from tenants.models import Organisation
from tests.axe import violations
from tests.bench.server import Server, serving
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child, a_guardian
from tests.factories.organisation import an_organisation_profile
from tests.factories.queues import a_queue, a_turn

PICTURES = Path(__file__).parents[2] / ".local" / "screenshots"
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}


@pytest.fixture
def server(transactional_db: None, organisation_a: Organisation) -> Iterator[Server]:
    an_organisation_profile(contact_phone="450 555-0123")
    with serving() as started:
        yield started


def a_page(browser: Browser, server: Server, guardian: Guardian, **options: Any) -> Page:
    """A browser in which the guardian is signed in."""
    client = HostClient("a.localhost")
    client.force_login(guardian.user)
    context = browser.new_context(locale="fr-CA", base_url=f"http://a.localhost:{server.port}", **options)
    context.set_default_timeout(20_000)
    session = client.cookies["session"].value
    context.add_cookies([{"name": "session", "value": session, "url": f"http://a.localhost:{server.port}"}])
    return context.new_page()


def seen(page: Page, name: str) -> None:
    """Without any fault of accessibility, on a phone and on a desk; and a picture of each."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.wait_for_load_state()
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        page.screenshot(path=PICTURES / f"waiting-room-{name}-{size['width']}.png", full_page=True)
    assert violations(page) == []


@pytest.mark.line("O-03")
def test_a_family_waits_is_called_and_registers_on_one_page(browser: Browser, server: Server) -> None:
    stopped, at = {"counter_share": 0, "most_per_second": 0}, clock.now()
    opening = a_queue(name="Camp de jour", gathers_from=at, opens_at=at + timedelta(hours=1), terms=stopped)
    option = an_option("Semaine 1", offering=an_offering("Escalade", opening=opening), places=7, price=0)
    mother = a_guardian()
    a_child("Ada", of=mother)
    for _ in range(2):
        a_turn(opening, at=at)
    page = a_page(browser, server, mother, viewport=PHONE)

    page.goto(f"/activites/{option.offering.slug}")
    page.get_by_role("link", name="Aller à la salle d’attente").first.click()
    expect(page.get_by_role("button", name="Prendre mon tour")).to_be_visible()
    seen(page, "1-before")
    Opening.objects.filter(pk=opening.pk).update(opens_at=clock.now() + timedelta(seconds=12))
    page.get_by_role("button", name="Prendre mon tour").click()
    expect(page.get_by_text("Vous êtes dans la salle d’attente")).to_be_visible()
    expect(page.get_by_text("Ouverture dans 00:00:")).to_be_visible()
    seen(page, "2-gathering")
    page.evaluate("window.stayed = true")

    # Nobody reloads: the draw is told, then the call.
    expect(page.get_by_text("Votre position")).to_be_visible(timeout=60_000)
    position = Ticket.objects.get(guardian=mother).position
    expect(page.locator("[data-position]")).to_have_text(str(position))
    seen(page, "3-waiting")
    Opening.objects.filter(pk=opening.pk).update(terms={"counter_share": 0, "most_per_second": 10})
    expect(page.get_by_role("button", name="Entrer")).to_be_visible(timeout=30_000)
    assert page.evaluate("window.stayed")
    expect(page).to_have_title("C’est votre tour · Organisation A")
    seen(page, "4-called")

    page.get_by_role("button", name="Entrer").click()
    expect(page.get_by_text("Choisissez jusqu’au")).to_be_visible()
    seen(page, "5-inside")
    page.goto(f"/activites/{option.offering.slug}/inscription?enfant={mother.guardianships.get().participant_id}")
    page.get_by_label("Semaine 1").first.check()
    page.get_by_role("button", name="Confirmer").click()
    expect(page).to_have_url(f"http://a.localhost:{server.port}/activites/{option.offering.slug}/ajoute")
    assert Registration.objects.get().status == Status.HELD

    Ticket.objects.filter(guardian=mother).update(pass_until=clock.now())
    page.goto(f"/ouvertures/{opening.id}")
    expect(page.get_by_role("button", name="Reprendre mon tour")).to_be_visible()
    seen(page, "6-lapsed")
    operations.end(opening_id=opening.id, actor=SYSTEM, at=clock.now())
    page.goto(f"/ouvertures/{opening.id}")
    expect(page.get_by_text("Il n’y a plus de file d’attente")).to_be_visible()
    seen(page, "7-over")


def test_without_javascript_the_page_says_the_same_and_asks_again(browser: Browser, server: Server) -> None:
    at = clock.now()
    opening = a_queue(gathers_from=at, opens_at=at, terms={"counter_share": 0, "most_per_second": 0})
    mother = a_guardian()
    page = a_page(browser, server, mother, viewport=PHONE, java_script_enabled=False)

    page.goto(f"/ouvertures/{opening.id}")
    page.get_by_role("button", name="Prendre mon tour").click()

    expect(page.locator("[data-position]")).to_have_text("1")
    expect(page.get_by_role("link", name="Actualiser")).to_be_visible()
    Opening.objects.filter(pk=opening.pk).update(terms={"counter_share": 0, "most_per_second": 10})
    until = time.monotonic() + 20
    while not page.get_by_role("button", name="Entrer").count():
        assert time.monotonic() < until, "The family was not called."
        page.wait_for_timeout(500)
        page.goto(f"/ouvertures/{opening.id}")
    page.get_by_role("button", name="Entrer").click()
    expect(page.get_by_text("Choisissez jusqu’au")).to_be_visible()
