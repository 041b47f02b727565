"""The cards and the methods that an organisation takes are the only ones its pages take (S3-22)."""

from typing import Any

import pytest

from billing.gateway import brands
from billing.gateway.client import client
from tenant_apps.organisation import operations as organisation
from tenant_apps.organisation.models import Payee
from tenant_apps.payments.operations import cards
from tests.factories.catalog import an_offering, an_option
from tests.factories.instalments import SIGNED, an_order_in_parts, practice_of_payment
from tests.factories.orders import a_page, an_order
from tests.factories.organisation import a_payee
from tests.payments.sandbox import Sandbox

AMEX = {"card": "378282246310005", "cvc": "1234"}
ONTARIO = ["visa", "visa_debit", "mastercard", "visa_prepaid", "mastercard_prepaid"]


@pytest.fixture
def payee(account: Any) -> Payee:
    return a_payee(processor_account=account.processor_id)


def page_of_an_order(payee: Payee) -> str:
    return a_page(an_order(an_option(price=550, places=5, offering=an_offering(payee=payee))))


@pytest.mark.line("S3-22")
def test_a_card_that_is_not_taken_is_refused_on_the_page_and_another_pays(sandbox: Sandbox, payee: Payee) -> None:
    organisation.describe(rules={"card_brands": ONTARIO})
    page = page_of_an_order(payee)

    assert sandbox.pay(page, **AMEX).status == 422
    assert sandbox.pay(page, card="5555555555554444").status == 303


def test_the_same_card_pays_where_it_is_taken(sandbox: Sandbox, payee: Payee) -> None:
    organisation.describe(rules={"card_brands": [*ONTARIO, "amex"]})

    assert sandbox.pay(page_of_an_order(payee), **AMEX).status == 303


def test_a_card_that_is_not_taken_cannot_replace_one_that_is(sandbox: Sandbox, payee: Payee) -> None:
    practice_of_payment()
    order = an_order_in_parts(payee)
    url = cards.begin_change(order_ids=[order.id], return_url="http://a/", cancel_url="http://a/", at=SIGNED)

    assert sandbox.pay(url, **AMEX).status == 422


def test_the_page_offers_the_methods_of_the_rules_alone(sandbox: Sandbox, payee: Payee) -> None:
    organisation.describe(rules={"paying": {"methods": ["card", "acss_debit"]}})
    page_of_an_order(payee)

    listed = client().v1.checkout.sessions.list({}, {"stripe_account": payee.processor_account}).data
    assert [session.payment_method_types for session in listed] == [["card", "acss_debit"]]


@pytest.mark.parametrize(
    ("taken", "refused"),
    [
        (ONTARIO, ["american_express", "discover_global_network"]),
        (["visa_debit"], ["american_express", "discover_global_network", "mastercard"]),
        (["bancontact"], []),
        ([], []),
    ],
)
def test_a_network_is_refused_where_none_of_its_cards_is_taken(taken: list[str], refused: list[str]) -> None:
    assert brands.blocked(taken) == refused
