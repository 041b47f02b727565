"""The small scripts, used as a person would: totals, steppers, focus, menus, filters, a hold that runs out."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

DEADLINE = datetime.datetime(2036, 11, 25, 23, 0, tzinfo=datetime.UTC)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a page as a French-speaking parent in Quebec."""
    opened = browser.new_page(locale="fr-CA", viewport={"width": 1280, "height": 900})
    yield opened
    opened.close()


def test_totals_follow_the_quantities_with_the_same_words_as_the_server(page: Page, preview: str) -> None:
    page.goto(preview)
    total = page.locator("[data-grand-total]")
    assert total.text_content() == "16,50\u00a0$"

    page.get_by_label("Quantité\u202f: 11 janvier 2023", exact=True).fill("3")
    assert total.text_content() == "33,00\u00a0$"

    page.get_by_role("button", name="Augmenter\u202f: 18 janvier 2023").click()
    assert page.locator("[data-line-total]").all_text_contents() == [
        "16,50\u00a0$",
        "11,00\u00a0$",
        "11,00\u00a0$",
    ]
    assert total.text_content() == "38,50\u00a0$"


def test_a_stepper_stays_between_its_bounds(page: Page, preview: str) -> None:
    page.goto(preview)
    quantity = page.get_by_label("Quantité\u202f: 11 janvier 2023", exact=True)

    page.get_by_role("button", name="Diminuer\u202f: 11 janvier 2023").click()
    assert quantity.input_value() == "0"

    quantity.fill("10")
    page.get_by_role("button", name="Augmenter\u202f: 11 janvier 2023").click()
    assert quantity.input_value() == "10"


def test_without_scripts_the_totals_stand_and_no_dead_button_shows(browser: Browser, preview: str) -> None:
    page = browser.new_page(java_script_enabled=False, locale="fr-CA")
    page.goto(preview)
    expect(page.locator("[data-grand-total]")).to_have_text("16,50\u00a0$")
    expect(page.locator("[data-step]").first).to_be_hidden()
    page.close()


def test_the_summary_takes_the_focus_and_leads_to_the_field(page: Page, preview: str) -> None:
    page.goto(f"{preview}/?errors=1")
    expect(page.locator("[data-error-summary]")).to_be_focused()

    page.locator("[data-error-summary] a[href='#id_email']").click()
    expect(page.locator("#id_email")).to_be_focused()
    assert page.locator(".field:has(#id_email) .field-label").evaluate("one => one.getBoundingClientRect().top") >= 0


def test_a_form_is_sent_once_however_often_one_clicks(page: Page, preview: str) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method) if request.method == "POST" else None)
    page.goto(preview)
    with page.expect_request(lambda request: request.method == "POST"):
        page.evaluate(
            """() => {
                const form = document.querySelector("main form.panel");
                form.target = "elsewhere";
                form.append(Object.assign(document.createElement("iframe"), { name: "elsewhere" }));
                const button = form.querySelector(".actions button");
                button.click(); button.click(); button.click();
            }"""
        )
    # Nothing is to come: there is nothing to wait for.
    page.wait_for_timeout(500)
    assert sent == ["POST"]


def test_nothing_covers_a_page_that_has_just_come(page: Page, preview: str) -> None:
    # While one page fades into the next, the browser's picture of both takes every click.
    page.add_init_script(
        "addEventListener('pagereveal', (event) => {"
        " document.documentElement.dataset.covered = Boolean(event.viewTransition); })"
    )
    page.goto(preview)
    page.evaluate("address => { location.href = address; }", f"{preview}/?errors=1")

    page.wait_for_url("**/?errors=1")
    expect(page.locator("html")).to_have_attribute("data-covered", "false")


def test_a_menu_closes_when_one_looks_elsewhere_and_with_escape(page: Page, preview: str) -> None:
    page.goto(preview)
    menu = page.locator("header details.menu")
    menu.locator("summary").click()
    expect(page.get_by_role("button", name="Déconnexion")).to_be_visible()
    page.locator("h1").click()
    expect(page.get_by_role("button", name="Déconnexion")).to_be_hidden()

    menu.locator("summary").click()
    page.keyboard.press("Escape")
    expect(menu.locator("summary")).to_be_focused()
    expect(page.get_by_role("button", name="Déconnexion")).to_be_hidden()


def test_a_hold_counts_quietly_and_speaks_at_five_minutes_and_at_one(page: Page, preview: str) -> None:
    page.clock.install(time=DEADLINE - datetime.timedelta(minutes=7))
    page.goto(preview)
    countdown, toasts = page.locator("hold-countdown"), page.locator("#toasts")
    page.clock.pause_at(DEADLINE - datetime.timedelta(minutes=6))
    page.clock.run_for(1000)
    assert countdown.text_content() == "Il reste 05:59"
    assert toasts.text_content() == ""

    page.clock.run_for(60_000)
    assert toasts.text_content() == "Il reste 5 minutes pour terminer."

    page.clock.run_for(60_000)
    assert toasts.text_content() == ""

    page.clock.run_for(180_000)
    assert toasts.text_content() == "Il reste 1 minute pour terminer."

    page.clock.run_for(60_000)
    assert countdown.text_content() == "Le délai est écoulé\u202f: vos places ne sont plus gardées."
    assert toasts.text_content() == "Le délai est écoulé\u202f: vos places ne sont plus gardées."


def test_a_hold_of_several_days_shows_only_its_date(page: Page, preview: str) -> None:
    page.clock.install(time=DEADLINE - datetime.timedelta(days=3))
    page.goto(preview)
    page.clock.run_for(2000)
    assert page.locator("hold-countdown").text_content() == ""


def test_what_a_ticked_box_asks_is_asked_once_it_is_ticked(page: Page, preview: str) -> None:
    page.goto(preview)
    expect(page.get_by_label("Allergies")).to_be_hidden()

    page.get_by_label("Mon enfant a une allergie").check()
    expect(page.get_by_label("Allergies")).to_be_visible()


def test_a_period_is_said_once_and_what_else_is_written_stays(page: Page, preview: str) -> None:
    page.goto(preview)
    first, second = page.locator(".week-note").all()[:2]
    assert first.locator(".week-line").all_text_contents() == [
        "Du lundi 29 juin au vendredi 3 juillet 2026",
        "14 places restantes",
    ]
    assert second.locator(".week-line").all_text_contents() == [
        "Du lundi 6 juillet au vendredi 10 juillet 2026",
        "Journée à la plage le jeudi",
        "2 places restantes",
    ]


def test_the_title_and_the_button_of_a_card_both_lead_to_it(page: Page, preview: str) -> None:
    page.goto(preview)
    card = page.locator(".card").first
    for name in ("Sortie scolaire au Mont-Cascade", "Détails\u202f: Sortie scolaire au Mont-Cascade"):
        link = card.get_by_role("link", name=name, exact=True)
        assert link.get_attribute("href") == "/portail/offering/mont-cascade"
        # Nothing lies over it.
        link.click(trial=True)


def test_filters_are_closed_on_a_phone_and_open_on_a_desk(page: Page, preview: str) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(preview)
    expect(page.get_by_label("Mots-clés")).to_be_hidden()
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(page.get_by_label("Mots-clés")).to_be_visible()


def test_a_page_that_slept_past_the_end_says_so_and_nothing_else(page: Page, preview: str) -> None:
    page.clock.install(time=DEADLINE - datetime.timedelta(minutes=7))
    page.goto(preview)
    page.clock.fast_forward(8 * 60_000)
    assert page.locator("#toasts").text_content() == "Le délai est écoulé\u202f: vos places ne sont plus gardées."


def test_an_answer_of_htmx_is_said_in_passing(page: Page, preview: str) -> None:
    page.clock.install()
    page.goto(preview)
    page.locator("main").evaluate(
        "one => one.dispatchEvent(new CustomEvent('toast', { bubbles: true, detail: { value: 'Enregistré' } }))"
    )
    assert page.locator("#toasts").text_content() == "Enregistré"
    page.clock.run_for(11_000)
    assert page.locator("#toasts").text_content() == ""
