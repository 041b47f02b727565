"""The school board's main job, without an account: from the list of activities to a paid registration."""

import re
import secrets

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import family

MACARONI = "/activites/mercredis-macaroni"


def an_address() -> str:
    return f"parent-{secrets.token_hex(4)}@famille.example"


def a_filled_sheet(page: Page, demo, address: str) -> None:
    page.goto(demo.url("school_board_qc", MACARONI))
    page.get_by_role("link", name="Commander").first.click()
    page.get_by_role("button", name="Continuer sans compte").click()
    family.fill_child(page, email=address)
    first, _, third = family.quantities(page)
    first.fill("2")
    third.fill("1")


@pytest.mark.line("S1-01", "S1-09", "S1-25", "S1-27", "S1-31", "S1-33", "S1-34", "S1-35", "S1-37", "S1-38")
@pytest.mark.line("S1-39", "S1-40", "S1-42", "S1-43", "S1-44", "S1-45", "S1-46", "S1-48")
def test_a_guest_orders_the_macaroni_and_pays(demo, phone, picture):
    address = an_address()
    phone.goto(demo.url("school_board_qc", "/activites"))
    expect(phone.get_by_role("heading", name="Liste des activités")).to_be_visible()
    picture(phone, "1-list")
    phone.get_by_role("link", name=re.compile("Mercredis macaroni")).first.click()
    expect(phone.get_by_text("MERCREDIS MACARONI À LA VIANDE")).to_be_visible()
    expect(phone.get_by_text("Aucun remboursement individuel possible")).to_be_visible()
    picture(phone, "2-activity")
    phone.get_by_role("link", name="Commander").first.click()
    expect(phone.get_by_role("button", name="Continuer sans compte")).to_be_visible()
    picture(phone, "3-account-or-not")
    phone.get_by_role("button", name="Continuer sans compte").click()
    family.fill_child(phone, email=address)
    first, second, third = family.quantities(phone)
    assert [field.input_value() for field in (first, second, third)] == ["0", "0", "0"]
    first.fill("2")
    third.fill("1")
    expect(phone.locator("[data-grand-total]")).to_have_text("16,50\u00a0$")
    picture(phone, "4-sheet")
    family.reach_summary(phone)

    expect(phone.get_by_text("Lapointe John").first).to_be_visible()
    picture(phone, "5-summary")
    phone.get_by_role("button", name="Payer 16,50\u00a0$ et s’inscrire").click()
    expect(phone.get_by_text("Simulation").first).to_be_visible()
    picture(phone, "6-payment")
    family.pay_on_hosted_page(phone)

    reference = family.reference(phone)
    picture(phone, "7-confirmation")
    registration, payment = sorted(demo.mails(address, count=2), key=lambda mail: "Paiement" in mail["Subject"])
    assert registration["Subject"] == "Inscription confirmée\u202f: Mercredis macaroni"
    assert payment["Subject"] == "Paiement reçu\u202f: 16,50\u00a0$"
    for mail in (registration, payment):
        assert reference in mail.get_body(("plain",)).get_content()
    [receipt] = list(payment.iter_attachments())
    assert receipt.get_content_type() == "application/pdf"
    assert receipt.get_content().startswith(b"%PDF-")


@pytest.mark.line("S1-45")
def test_a_declined_card_is_told_at_once_and_another_one_pays(demo, phone, picture):
    address = an_address()
    a_filled_sheet(phone, demo, address)
    family.confirm_sheet(phone)
    phone.get_by_role("button", name=re.compile("^Payer")).click()

    family.pay_on_hosted_page(phone, card=family.DECLINED)
    expect(phone.get_by_text(re.compile("a refusé la carte")).first).to_be_visible()
    picture(phone, "declined")
    family.pay_on_hosted_page(phone, card=family.SUCCESS)

    expect(phone).to_have_url(re.compile("/confirmation/"))
    assert len(demo.mails(address, count=2)) == 2


def test_two_tabs_that_pay_the_same_basket_are_charged_once(demo, visitor):
    address = an_address()
    context = visitor()
    one, two = context.new_page(), context.new_page()
    a_filled_sheet(one, demo, address)
    family.reach_summary(one)
    before = len(demo.charges("school_board_qc"))
    two.goto(one.url)
    for tab in (one, two):
        tab.get_by_role("button", name=re.compile("^Payer")).click()
        expect(tab.get_by_text("Simulation").first).to_be_visible()
    assert one.url == two.url

    family.pay_on_hosted_page(one)
    expect(one).to_have_url(re.compile("/confirmation/"))
    family.pay_on_hosted_page(two)
    expect(two).to_have_url(one.url)

    assert len(demo.charges("school_board_qc")) == before + 1
    assert len(demo.mails(address, count=2)) == 2


@pytest.mark.line("S1-45")
def test_going_back_loses_nothing_and_never_pays_twice(demo, phone):
    address = an_address()
    a_filled_sheet(phone, demo, address)
    family.reach_summary(phone)
    # « Page précédente », of the sheet, would do for a name that is not exact.
    phone.get_by_role("link", name="Précédent", exact=True).click()
    expect(phone.get_by_label(family.label("Groupe-repère"))).to_have_value("601")
    assert [field.input_value() for field in family.quantities(phone)] == ["2", "0", "1"]
    family.quantities(phone)[0].fill("1")
    family.confirm_sheet(phone)
    phone.get_by_role("button", name="Payer 11,00\u00a0$ et s’inscrire").click()
    before = len(demo.charges("school_board_qc"))
    family.pay_on_hosted_page(phone)
    expect(phone).to_have_url(re.compile("/confirmation/"))

    phone.go_back()
    phone.go_back()
    phone.goto(demo.url("school_board_qc", "/commande"))

    expect(phone.get_by_role("button", name=re.compile("^Payer"))).to_have_count(0)
    assert len(demo.charges("school_board_qc")) == before + 1


def test_who_goes_elsewhere_while_the_form_waits_for_the_browsers_work_gets_there(demo, phone):
    work, elsewhere = [], []
    phone.route(re.compile("robot_worker"), lambda route: work.append(route))
    a_filled_sheet(phone, demo, an_address())
    family.confirm_sheet(phone)
    expect(phone.get_by_text(re.compile("^Encore un instant"))).to_be_visible()

    # The page asked for is slow to come: the work is done before.
    phone.route(demo.url("school_board_qc", MACARONI), lambda route: elsewhere.append(route))
    with phone.expect_request(demo.url("school_board_qc", MACARONI)):
        phone.get_by_role("link", name="Page précédente").click(no_wait_after=True)
    with phone.expect_worker():
        work.pop().continue_()
    while phone.workers:
        phone.wait_for_timeout(100)
    elsewhere.pop().continue_()

    expect(phone).to_have_url(demo.url("school_board_qc", MACARONI))
    phone.goto(demo.url("school_board_qc", "/commande"))
    expect(phone.get_by_role("heading", name="Rien à payer")).to_be_visible()


def test_leaving_the_payment_page_keeps_the_order(demo, phone):
    a_filled_sheet(phone, demo, an_address())
    family.confirm_sheet(phone)
    phone.get_by_role("button", name=re.compile("^Payer")).click()
    expect(phone.get_by_text("Simulation").first).to_be_visible()
    phone.get_by_role("link", name=re.compile("Retour|Revenir|Annuler")).first.click()

    expect(phone.get_by_role("heading", name="Résumé des informations")).to_be_visible()
    expect(phone.get_by_role("button", name="Payer 16,50\u00a0$ et s’inscrire")).to_be_visible()


def test_the_whole_journey_needs_no_javascript(demo, visitor):
    page = visitor(javascript=False).new_page()
    address = an_address()
    a_filled_sheet(page, demo, address)
    # A browser that cannot work for the form waits for it instead.
    page.wait_for_timeout(5_200)
    family.confirm_sheet(page)
    page.get_by_role("button", name=re.compile("^Payer")).click()
    family.pay_on_hosted_page(page)

    expect(page).to_have_url(re.compile("/confirmation/"))


@pytest.mark.line("S1-18", "S1-36")
def test_what_is_missing_is_told_at_its_field_and_nothing_typed_is_lost(demo, phone, picture):
    phone.goto(demo.url("school_board_qc", MACARONI + "/inscription?sans-compte=1"))
    phone.get_by_label(family.label("Groupe-repère")).fill("601")

    family.confirm_sheet(phone)

    summary = phone.get_by_role("alert").first
    expect(summary).to_be_focused()
    picture(phone, "errors")
    expect(phone).to_have_title(re.compile("^Erreur"))
    expect(phone.get_by_label(family.label("Nom de l’élève"))).to_have_attribute("aria-invalid", "true")
    expect(phone.get_by_label(family.label("Groupe-repère"))).to_have_value("601")
