"""A card that the platform keeps and lends to an account, as Stripe clones a payment method."""

from typing import Any

import pytest
import stripe
from stripe import RequestOptions

from tests.sandbox.harness import Sandbox, card_form, text_of

WORDS = "Vous payez 10,00 $ à l’École A et 20,00 $ à l’École B."


def a_consent(sandbox: Sandbox, number: str = "4242424242424242") -> Any:
    """A setup page of the platform's own, finished by the payer."""
    session = sandbox.client.v1.checkout.sessions.create(
        {
            "mode": "setup",
            "currency": "cad",
            "locale": "fr",
            "customer_creation": "always",
            "customer_email": "parent@example.ca",
            "custom_text": {"submit": {"message": WORDS}},
            "success_url": "http://parent.test/",
        }
    )
    assert WORDS in text_of(sandbox.page(session.url))
    assert sandbox.page(session.url, card_form(number)).status == 303
    return sandbox.client.v1.checkout.sessions.retrieve(session.id, {"expand": ["setup_intent"]})


def lent(sandbox: Sandbox, consent: Any, school: RequestOptions) -> Any:
    return sandbox.client.v1.payment_methods.create(
        {"customer": consent.customer, "payment_method": consent.setup_intent.payment_method}, school
    )


def charged(sandbox: Sandbox, method: Any, school: RequestOptions) -> Any:
    return sandbox.client.v1.payment_intents.create(
        {
            "amount": 1000,
            "currency": "cad",
            "payment_method": method.id,
            "confirm": True,
            "error_on_requires_action": True,
        },
        school,
    )


def test_a_card_given_to_the_platform_pays_on_two_accounts(sandbox: Sandbox, school: RequestOptions) -> None:
    consent = a_consent(sandbox)
    schools: list[RequestOptions] = [school, {"stripe_account": sandbox.an_account()}]

    methods = [lent(sandbox, consent, each) for each in schools]

    assert len({consent.setup_intent.payment_method, *(method.id for method in methods)}) == 3
    assert [charged(sandbox, *each).status for each in zip(methods, schools, strict=True)] == ["succeeded"] * 2


def test_a_rule_makes_the_bank_refuse_one_account(sandbox: Sandbox, school: RequestOptions) -> None:
    method = lent(sandbox, a_consent(sandbox), school)
    sandbox.control("faults", {"rules": [{"kind": "decline", "account": school["stripe_account"], "times": 1}]})

    with pytest.raises(stripe.CardError):
        charged(sandbox, method, school)
    assert charged(sandbox, method, school).status == "succeeded"


def test_a_bank_that_wants_the_payer_has_refused_where_nobody_can_be_asked(
    sandbox: Sandbox, school: RequestOptions
) -> None:
    method = sandbox.client.v1.payment_methods.create(
        {"type": "card", "card": {"token": "tok_authenticationRequired"}}, school
    )

    with pytest.raises(stripe.CardError) as refused:
        charged(sandbox, method, school)

    assert refused.value.code == "authentication_required"
    assert refused.value.error.payment_intent.status == "requires_payment_method"


def test_only_the_platform_s_own_customer_s_card_is_lent(sandbox: Sandbox, school: RequestOptions) -> None:
    consent = a_consent(sandbox)
    other = sandbox.client.v1.customers.create({"email": "b@example.ca"})

    with pytest.raises(stripe.InvalidRequestError):
        sandbox.client.v1.payment_methods.create(
            {"customer": other.id, "payment_method": consent.setup_intent.payment_method}, school
        )
    sandbox.client.v1.customers.delete(consent.customer)
    with pytest.raises(stripe.InvalidRequestError):
        lent(sandbox, consent, school)
