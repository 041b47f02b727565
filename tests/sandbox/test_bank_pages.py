"""Banks that ask the payer (3-D Secure, Bancontact) and banks that take days (debits)."""

from typing import Any

import pytest
import stripe
from stripe import RequestOptions
from stripe.checkout import Session

from tests.sandbox.harness import Reply, Sandbox, card_form, text_of


@pytest.fixture
def commune(sandbox: Sandbox) -> RequestOptions:
    return {"stripe_account": sandbox.an_account(name="Commune d’Etterbeek", country="be")}


def a_page(sandbox: Sandbox, options: RequestOptions, currency: str, *kinds: str) -> Session:
    line = {"quantity": 1, "price_data": {"currency": currency, "unit_amount": 6000, "product_data": {"name": "Stage"}}}
    params: dict[str, Any] = {
        "mode": "payment",
        "success_url": "http://parent.test/merci",
        "line_items": [line],
    }
    if kinds:
        params["allowed_payment_method_types"] = list(kinds)
    return sandbox.client.v1.checkout.sessions.create(params, options)


def as_now(sandbox: Sandbox, session: Session, options: RequestOptions) -> tuple[str, str, str | None]:
    found = sandbox.client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]}, options)
    return found.status, found.payment_status, found.payment_intent and found.payment_intent.status


def ask(sandbox: Sandbox, session: Session, form: dict[str, str]) -> str:
    reply = sandbox.page(session.url, form)
    assert reply.status == 303
    assert reply.location
    return reply.location


def answer(sandbox: Sandbox, page: str, word: str) -> Reply:
    return sandbox.page(page, {"answer": word})


@pytest.mark.parametrize("number", ["4000002500003155", "4000002760003184"])
def test_the_bank_asks_and_the_payer_agrees(sandbox: Sandbox, school: RequestOptions, number: str) -> None:
    session = a_page(sandbox, school, "cad")
    bank = ask(sandbox, session, card_form(number))
    assert as_now(sandbox, session, school) == ("open", "unpaid", "requires_action")
    assert "Confirmez votre paiement" in text_of(sandbox.page(bank))

    reply = answer(sandbox, bank, "approve")

    assert reply.location == "http://parent.test/merci"
    assert as_now(sandbox, session, school) == ("complete", "paid", "succeeded")
    assert sandbox.page(bank).location == "http://parent.test/merci"


def test_the_payer_refuses_and_may_try_again(sandbox: Sandbox, school: RequestOptions) -> None:
    session = a_page(sandbox, school, "cad")
    bank = ask(sandbox, session, card_form("4000002760003184"))

    reply = answer(sandbox, bank, "refuse")

    assert reply.location == session.url
    assert "La vérification n’a pas abouti." in text_of(sandbox.page(session.url))
    assert as_now(sandbox, session, school) == ("open", "unpaid", "requires_payment_method")
    assert sandbox.page(session.url, card_form()).location == "http://parent.test/merci"


def test_an_answer_after_the_page_was_closed_takes_no_money(sandbox: Sandbox, school: RequestOptions) -> None:
    session = a_page(sandbox, school, "cad")
    bank = ask(sandbox, session, card_form("4000002760003184"))
    sandbox.client.v1.checkout.sessions.expire(session.id, {}, school)

    reply = answer(sandbox, bank, "approve")

    assert sandbox.page(reply.location or "").status == 410
    assert as_now(sandbox, session, school) == ("expired", "unpaid", "canceled")


def test_an_intent_without_a_page_goes_back_to_its_own_address(sandbox: Sandbox, school: RequestOptions) -> None:
    params = {"amount": 1000, "currency": "cad", "confirm": True, "payment_method": "pm_card_authenticationRequired"}
    intent = sandbox.client.v1.payment_intents.create(params | {"return_url": "http://parent.test/r"}, school)
    assert intent.status == "requires_action"

    reply = answer(sandbox, intent.next_action.redirect_to_url.url, "approve")

    secret = intent.client_secret
    query = f"payment_intent={intent.id}&payment_intent_client_secret={secret}&redirect_status=succeeded"
    assert reply.location == f"http://parent.test/r?{query}"


@pytest.mark.parametrize(("number", "paid_later"), [("4000002500003155", True), ("4000002760003184", False)])
def test_a_card_saved_with_a_check_may_be_charged_later_or_must_be_checked_again(
    sandbox: Sandbox, school: RequestOptions, number: str, paid_later: bool
) -> None:
    v1 = sandbox.client.v1
    customer = v1.customers.create({"email": "a@example.ca"}, school).id
    session = v1.checkout.sessions.create(
        {
            "mode": "payment",
            "customer": customer,
            "success_url": "http://parent.test/merci",
            "line_items": [
                {"quantity": 1, "price_data": {"currency": "cad", "unit_amount": 500, "product_data": {"name": "A"}}}
            ],
            "payment_intent_data": {"setup_future_usage": "off_session"},
        },
        school,
    )
    answer(sandbox, ask(sandbox, session, card_form(number)), "approve")
    saved = v1.customers.payment_methods.list(customer, {}, school).data[0].id
    later = {"amount": 500, "currency": "cad", "customer": customer, "payment_method": saved}
    later |= {"off_session": True, "confirm": True}

    if paid_later:
        assert v1.payment_intents.create(later, school).status == "succeeded"
    else:
        with pytest.raises(stripe.CardError) as declined:
            v1.payment_intents.create(later, school)
        assert declined.value.code == "authentication_required"
        assert declined.value.error.payment_intent.status == "requires_payment_method"


def test_a_setup_saves_a_card_without_a_payment(sandbox: Sandbox, school: RequestOptions) -> None:
    v1 = sandbox.client.v1
    customer = v1.customers.create({}, school).id
    setup = v1.setup_intents.create({"customer": customer, "payment_method": "tok_visa", "confirm": True}, school)
    with pytest.raises(stripe.CardError):
        v1.setup_intents.create({"payment_method": "pm_card_chargeDeclined", "confirm": True}, school)

    assert (setup.status, setup.usage) == ("succeeded", "off_session")
    assert v1.payment_methods.retrieve(setup.payment_method, {}, school).customer == customer
    assert v1.charges.list({}, school).data == []


def test_bancontact_goes_through_the_bank_s_page(sandbox: Sandbox, commune: RequestOptions) -> None:
    session = a_page(sandbox, commune, "eur")
    assert session.payment_method_types == ["card", "bancontact"]
    bank = ask(sandbox, session, card_form(method="bancontact"))

    assert answer(sandbox, bank, "approve").location == "http://parent.test/merci"
    assert as_now(sandbox, session, commune) == ("complete", "paid", "succeeded")


def test_bancontact_refused_leaves_the_page_open(sandbox: Sandbox, commune: RequestOptions) -> None:
    session = a_page(sandbox, commune, "eur")
    bank = ask(sandbox, session, card_form(method="bancontact"))

    assert answer(sandbox, bank, "refuse").location == session.url
    assert as_now(sandbox, session, commune) == ("open", "unpaid", "requires_payment_method")


def test_bancontact_left_without_an_answer_ends_within_an_hour(sandbox: Sandbox, commune: RequestOptions) -> None:
    session = a_page(sandbox, commune, "eur")
    bank = ask(sandbox, session, card_form(method="bancontact"))
    assert "Vous êtes parti sans répondre" in text_of(answer(sandbox, bank, "leave"))

    sandbox.advance(seconds=3600)

    assert as_now(sandbox, session, commune) == ("open", "unpaid", "requires_payment_method")


def test_bancontact_paid_by_someone_who_never_comes_back(sandbox: Sandbox, commune: RequestOptions) -> None:
    session = a_page(sandbox, commune, "eur")
    bank = ask(sandbox, session, card_form(method="bancontact"))

    reply = answer(sandbox, bank, "approve_and_stay")

    assert (reply.status, reply.location) == (200, None)
    assert as_now(sandbox, session, commune) == ("complete", "paid", "succeeded")


ACSS = {"method": "acss_debit", "institution": "110", "transit": "11000"}
SEPA = {"method": "sepa_debit"}


@pytest.mark.parametrize(
    ("currency", "typed", "outcome", "status"),
    [
        ("cad", ACSS | {"account": "000123456789"}, "paid", "succeeded"),
        ("cad", ACSS | {"account": "000222222227"}, "unpaid", "requires_payment_method"),
        ("eur", SEPA | {"iban": "BE68 5390 0754 7034"}, "paid", "succeeded"),
        ("eur", SEPA | {"iban": "BE62510007547061"}, "unpaid", "requires_payment_method"),
    ],
)
def test_a_debit_is_answered_after_five_days(
    sandbox: Sandbox,
    school: RequestOptions,
    account: str,
    currency: str,
    typed: dict[str, str],
    outcome: str,
    status: str,
) -> None:
    session = a_page(sandbox, school, currency, typed["method"])
    assert ask(sandbox, session, card_form(**typed)) == "http://parent.test/merci"
    assert as_now(sandbox, session, school) == ("complete", "unpaid", "processing")

    sandbox.advance(days=4)
    assert as_now(sandbox, session, school) == ("complete", "unpaid", "processing")
    sandbox.advance(days=1)

    assert as_now(sandbox, session, school) == ("complete", outcome, status)
    word = "succeeded" if outcome == "paid" else "failed"
    told = [kind for kind in sandbox.receiver.of(account) if kind.startswith("checkout.session.async")]
    assert told == [f"checkout.session.async_payment_{word}"]


def test_a_debit_may_be_disputed_after_thirty_days(sandbox: Sandbox, school: RequestOptions) -> None:
    session = a_page(sandbox, school, "cad", "acss_debit")
    ask(sandbox, session, card_form(**ACSS | {"account": "000777777771"}))

    sandbox.advance(days=29)
    assert sandbox.client.v1.disputes.list({}, school).data == []
    sandbox.advance(days=2)

    assert [found.reason for found in sandbox.client.v1.disputes.list({}, school).data] == ["debit_not_authorized"]
