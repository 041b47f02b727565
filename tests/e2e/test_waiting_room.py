"""Two families wait for an opening, are called one after the other, and see honestly where they are (O-03)."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_s1_account import sign_up

BOARD = "school_board_qc"


@pytest.mark.line("O-03")
def test_two_families_wait_and_the_second_is_called_when_the_first_has_done(demo, phone, desk, pictures):
    with demo.queue(BOARD, "Camps d’été", at_once=1, counter_share=0) as opening:
        room = demo.url(BOARD, f"/ouvertures/{opening}")
        for page in (phone, desk):
            page.goto(demo.url(BOARD, f"/inscription?next=/ouvertures/{opening}"))
            sign_up(page, demo)
            expect(page).to_have_url(room)
            page.get_by_role("button", name="Prendre mon tour").click()
            expect(page.get_by_text("Vous êtes dans la salle d’attente")).to_be_visible()
            expect(page.locator("[data-countdown]")).to_have_text(re.compile(r"^Ouverture dans \d"))
        pictures(phone, "1-gathering")

        demo.open_now(BOARD, opening)
        for page in (phone, desk):
            page.reload()
        first, second = in_order(phone, desk)
        expect(first.get_by_role("button", name="Entrer")).to_be_visible(timeout=60_000)
        expect(second.locator("[data-position]")).to_have_text("2")
        expect(second.get_by_text("Vous êtes la prochaine famille.")).to_be_visible()
        pictures(second, "2-waiting")
        pictures(first, "3-called")

        first.get_by_role("button", name="Entrer").click()
        expect(first.locator("hold-countdown")).to_have_text(re.compile(r"^Il reste 1[45]:\d\d pour choisir"))
        pictures(first, "4-inside")
        first.get_by_role("button", name="J’ai terminé").click()
        # Without touching the page: it asks by itself.
        expect(second.get_by_role("heading", name="C’est votre tour")).to_be_visible(timeout=60_000)


def in_order(one: Page, other: Page) -> tuple[Page, Page]:
    """As lots were drawn: the one is called, or has the second position until the other has done."""
    called = one.get_by_role("button", name="Entrer")
    second = one.locator("[data-position]", has_text=re.compile("^2$"))
    expect(called.or_(second)).to_be_visible(timeout=60_000)
    return (one, other) if called.is_visible() else (other, one)
