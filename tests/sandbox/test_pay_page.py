"""The payment page: one payment, whatever the payer does."""

import pytest
from stripe import RequestOptions
from stripe.checkout import Session

from tests.sandbox.harness import Sandbox, at_once, card_form, text_of

NO_BREAK, NARROW = "\u00a0", "\u202f"


def charges(sandbox: Sandbox, school: RequestOptions) -> list[tuple[str, int]]:
    found = sandbox.client.v1.charges.list({}, school).data
    return [(charge.status, charge.amount) for charge in found]


def test_the_page_says_that_it_is_a_simulation_and_what_is_paid(sandbox: Sandbox, session: Session) -> None:
    reply = sandbox.page(session.url)

    words = text_of(reply)
    assert "Simulation – aucun argent n’est débité" in words
    assert f"Payer 5,50{NO_BREAK}$ à École Saint-Jean" in words
    assert f"2 × 2,75{NO_BREAK}$" in words
    assert "Date d’expiration (MM/AA)" in words
    assert '<html lang="fr">' in reply.body
    assert "<script" not in reply.body


@pytest.mark.parametrize(
    ("locale", "browser", "language"),
    [
        ("fr-CA", "en", "fr"),
        ("en", "fr", "en"),
        ("auto", "en-CA,en;q=0.9", "en"),
        ("auto", "fr-BE", "fr"),
        ("nl", "de", "fr"),
    ],
)
def test_the_page_speaks_the_session_s_language_else_the_browser_s(
    sandbox: Sandbox, school: RequestOptions, locale: str, browser: str, language: str
) -> None:
    session = sandbox.client.v1.checkout.sessions.create(
        {
            "mode": "payment",
            "success_url": "http://parent.test/",
            "locale": locale,
            "line_items": [
                {"quantity": 1, "price_data": {"currency": "cad", "unit_amount": 550, "product_data": {"name": "A"}}}
            ],
        },
        school,
    )

    assert f'<html lang="{language}">' in sandbox.page(session.url, language=browser).body


def test_a_good_card_pays_and_sends_the_payer_back(sandbox: Sandbox, session: Session, school: RequestOptions) -> None:
    reply = sandbox.page(session.url, card_form())

    assert (reply.status, reply.location) == (303, f"http://parent.test/merci?page={session.id}")
    paid = sandbox.client.v1.checkout.sessions.retrieve(
        session.id, {"expand": ["payment_intent.latest_charge"]}, school
    )
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    assert paid.customer_details.email == "parent@example.ca"
    assert paid.payment_intent.metadata.to_dict() == {"commande": "A-1"}
    assert paid.payment_intent.latest_charge.payment_method_details.card.last4 == "4242"
    assert paid.payment_intent.latest_charge.application_fee_amount == 20


def test_two_tabs_pay_once(sandbox: Sandbox, session: Session, school: RequestOptions) -> None:
    replies = at_once([lambda: sandbox.page(session.url, card_form())] * 4)

    assert [reply.location for reply in replies] == [f"http://parent.test/merci?page={session.id}"] * 4
    assert charges(sandbox, school) == [("succeeded", 550)]


def test_a_declined_card_leaves_the_page_open_with_all_but_the_cvc(
    sandbox: Sandbox, session: Session, school: RequestOptions
) -> None:
    declined = sandbox.page(session.url, card_form("4000000000000002"))

    assert declined.status == 402
    assert "Le paiement n’a pas été accepté" in text_of(declined)
    assert '<a href="#number">' in declined.body
    assert "La banque a refusé la carte." in text_of(declined)
    assert f"<title>Erreur{NARROW}: Payer" in declined.body
    assert 'value="4000000000000002"' in declined.body
    assert 'value="Maude Tremblay"' in declined.body
    assert 'value="123"' not in declined.body
    assert "La banque a refusé la carte." in text_of(sandbox.page(session.url))

    assert sandbox.page(session.url, card_form()).status == 303
    assert charges(sandbox, school) == [("succeeded", 550), ("failed", 550)]


def test_each_wrong_field_is_named_in_the_summary_and_at_its_place(
    sandbox: Sandbox, session: Session, school: RequestOptions
) -> None:
    wrong = card_form("4242424242424241", email="parent@", expiry="13/49", cvc="12", holder=" ")

    reply = sandbox.page(session.url, wrong)

    assert reply.status == 422
    for name in ("email", "number", "expiry", "cvc", "holder"):
        assert f'<a href="#{name}">' in reply.body
        assert f'id="{name}-error"' in reply.body
        assert f'<label for="{name}">' in reply.body
    assert charges(sandbox, school) == []


def test_a_card_of_last_month_is_refused_before_any_charge(
    sandbox: Sandbox, session: Session, school: RequestOptions
) -> None:
    reply = sandbox.page(session.url, card_form(expiry="01/20"))

    assert "La date d’expiration est passée" in text_of(reply)
    assert charges(sandbox, school) == []


def test_a_real_card_is_told_never_to_be_typed_here(sandbox: Sandbox, session: Session) -> None:
    reply = sandbox.page(session.url, card_form("4111111111111111"))

    assert reply.status == 402
    assert "Ne tapez jamais une vraie carte ici." in text_of(reply)


def test_an_expired_page_takes_no_money(sandbox: Sandbox, session: Session, school: RequestOptions) -> None:
    sandbox.client.v1.checkout.sessions.expire(session.id, {}, school)

    reply = sandbox.page(session.url, card_form())

    assert reply.status == 410
    assert "Cette page a expiré" in text_of(reply)
    assert '<a href="http://parent.test/panier">' in reply.body
    assert "Retour à École Saint-Jean" in text_of(reply)
    assert charges(sandbox, school) == []


def test_expiry_and_payment_at_once_have_one_winner(sandbox: Sandbox, account: str, school: RequestOptions) -> None:
    for _ in range(5):
        session = sandbox.client.v1.checkout.sessions.create(
            {
                "mode": "payment",
                "success_url": "http://parent.test/",
                "line_items": [
                    {
                        "quantity": 1,
                        "price_data": {"currency": "cad", "unit_amount": 100, "product_data": {"name": "A"}},
                    }
                ],
            },
            school,
        )
        at_once(
            [
                lambda url=session.url: sandbox.page(url, card_form()),
                lambda id=session.id: sandbox.client.v1.checkout.sessions.expire(id, {}, school),
            ]
        )
        after = sandbox.client.v1.checkout.sessions.retrieve(session.id, {}, school)
        paid = sandbox.client.v1.charges.list({"payment_intent": after.payment_intent or "none"}, school).data
        assert (after.status, after.payment_status, len(paid)) in [("complete", "paid", 1), ("expired", "unpaid", 0)]


def test_a_page_closes_by_itself_when_its_time_is_over(
    sandbox: Sandbox, session: Session, school: RequestOptions
) -> None:
    sandbox.advance(days=1, seconds=1)

    after = sandbox.client.v1.checkout.sessions.retrieve(session.id, {}, school)

    assert after.status == "expired"
    assert sandbox.page(session.url).status == 410


def test_a_billing_address_is_asked_where_the_merchant_wants_it(sandbox: Sandbox, school: RequestOptions) -> None:
    session = sandbox.client.v1.checkout.sessions.create(
        {
            "mode": "payment",
            "success_url": "http://parent.test/",
            "billing_address_collection": "required",
            "line_items": [
                {"quantity": 1, "price_data": {"currency": "cad", "unit_amount": 550, "product_data": {"name": "A"}}}
            ],
        },
        school,
    )
    address = {"country": "CA", "line1": "1, rue Laurier", "postal_code": "J8X 1A1", "city": "Gatineau", "state": "QC"}

    assert '<option value="CA" selected>Canada' in sandbox.page(session.url).body
    assert '<option value="QC">Québec' in sandbox.page(session.url).body
    assert "Choisissez votre province" in text_of(sandbox.page(session.url, card_form(**address | {"state": ""})))
    assert sandbox.page(session.url, card_form(**address)).status == 303
    paid = sandbox.client.v1.checkout.sessions.retrieve(session.id, {}, school)
    assert paid.customer_details.address.to_dict() == address | {"line2": None}


def test_a_card_of_a_network_that_the_page_refuses_is_named_at_its_field_and_not_asked(
    sandbox: Sandbox, school: RequestOptions
) -> None:
    session = sandbox.client.v1.checkout.sessions.create(
        {
            "mode": "payment",
            "success_url": "http://parent.test/",
            "locale": "fr",
            "line_items": [
                {"quantity": 1, "price_data": {"currency": "cad", "unit_amount": 550, "product_data": {"name": "A"}}}
            ],
            "payment_method_options": {"card": {"restrictions": {"brands_blocked": ["american_express"]}}},
        },
        school,
    )

    refused = sandbox.page(session.url, card_form("378282246310005"))

    assert refused.status == 422
    assert "Cette marque de carte n’est pas acceptée ici" in text_of(refused)
    assert charges(sandbox, school) == []
    assert sandbox.page(session.url, card_form("5555555555554444")).status == 303
