"""A clerk gives money back to a card that is dead: the list says so, and the family has credit instead (S3-24)."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import family
from tests.e2e.test_s1_guest import a_filled_sheet, an_address

BOARD = "school_board_qc"
# Paid; a refund of it fails ten minutes later.
DEAD = "4000 0000 0000 5126"
ELEVEN_MINUTES = 11 * 60
A_MINUTE_AND_MORE = 100


def until(page: Page, words: str | re.Pattern[str]) -> None:
    """The worker asks the processor once a minute: the page says it then, to who looks again."""
    for _second in range(A_MINUTE_AND_MORE):
        if page.get_by_role("main").get_by_text(words).count():
            return
        page.wait_for_timeout(1000)
        page.reload()
        family.whole(page)
    raise AssertionError(f"{page.url} never said {words}")


@pytest.mark.line("S3-24", "O-10")
def test_a_refund_to_a_dead_card_becomes_credit(demo, phone, desk, pictures):
    address = an_address()
    a_filled_sheet(phone, demo, address)
    family.confirm_sheet(phone)
    phone.get_by_role("button", name=re.compile("^Payer")).click()
    family.pay_on_hosted_page(phone, card=DEAD)
    reference = family.reference(phone)

    family.sign_in_staff(desk, demo, BOARD, "finance", path=f"/gestion/commandes/{reference}")
    desk.get_by_role("link", name="Rembourser").click()
    expect(desk.get_by_label(family.label("Montant à rendre"))).to_have_value("16,50")
    pictures(desk, "1-give-back")
    desk.get_by_role("button", name="Rembourser").click()
    expect(desk.get_by_text("Dites pourquoi").first).to_be_visible()
    desk.get_by_label(family.label("Raison")).fill("Le repas n’a pas eu lieu.")
    desk.get_by_role("button", name="Rembourser").click()
    expect(desk.get_by_text("Le remboursement est enregistré").first).to_be_visible()

    desk.goto(demo.url(BOARD, "/gestion/finances/remboursements?status=done"))
    until(desk, reference)
    demo.control("/clock", {"advance_seconds": ELEVEN_MINUTES})
    desk.goto(demo.url(BOARD, "/gestion/finances/remboursements"))
    until(desk, reference)
    pictures(desk, "2-to-do")
    [refused] = demo.mails(address, about="Remboursement refusé par la banque")
    assert "vous n’avez rien à refaire" in refused.get_body(("plain",)).get_content()

    desk.get_by_role("row").filter(has_text=reference).get_by_role("link").first.click()
    expect(desk.get_by_text("La carte ne peut pas recevoir ce montant")).to_be_visible()
    pictures(desk, "3-dead-card")
    desk.get_by_label("Crédit familial").check()
    desk.get_by_role("button", name="Rendre ainsi").click()
    expect(desk.get_by_text("Fait", exact=True).first).to_be_visible()
    [told] = [mail for mail in demo.mails(address, 2, about="Remboursement de 16,50") if "crédit" in _text(mail)]
    assert "pour vos prochaines commandes" in _text(told)

    desk.get_by_role("link", name="Voir le crédit").click()
    expect(desk.get_by_text("Remboursement gardé en crédit")).to_be_visible()
    expect(desk.get_by_text("16,50\u00a0$").first).to_be_visible()
    pictures(desk, "4-credit")


def _text(mail) -> str:
    return mail.get_body(("plain",)).get_content()
