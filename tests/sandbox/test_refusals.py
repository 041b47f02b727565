"""Requests that Stripe would not take are not taken here either."""

import json
import urllib.error
import urllib.request
from typing import Any

import pytest
import stripe
from stripe import RequestOptions

from tests.sandbox.harness import SECRET_KEY, Sandbox

GOOD: dict[str, Any] = {"amount": 1000, "currency": "cad"}


@pytest.mark.parametrize(
    ("wrong", "code", "param", "message"),
    [
        ({"amout": 1}, "parameter_unknown", "amout", "Received unknown parameter: amout"),
        ({"amount": 12.5}, "parameter_invalid_integer", "amount", "Invalid integer: 12.5"),
        ({"amount": "dix"}, "parameter_invalid_integer", "amount", "Invalid integer: dix"),
        ({"amount": 49}, "amount_too_small", "amount", "Amount must be at least 0.50 cad"),
        ({"amount": 100_000_000}, "amount_too_large", "amount", "Amount must be no more than 999999.99 cad"),
        (
            {"setup_future_usage": "never"},
            None,
            "setup_future_usage",
            "Invalid setup_future_usage: must be one of off_session, on_session",
        ),
        (
            {"automatic_payment_methods": {"enabled": True, "enable": True}},
            "parameter_unknown",
            "automatic_payment_methods[enable]",
            "Received unknown parameter: automatic_payment_methods[enable]",
        ),
        (
            {"automatic_payment_methods": {"allow_redirects": "never"}},
            "parameter_missing",
            "automatic_payment_methods[enabled]",
            "Missing required param: automatic_payment_methods[enabled].",
        ),
        (
            {"application_fee_amount": 1001},
            None,
            "application_fee_amount",
            "Invalid application fee amount: it must be between 0 and the amount (1000).",
        ),
        (
            {"expand": ["weather"]},
            None,
            "expand",
            "This property cannot be expanded (weather).",
        ),
        (
            {"metadata": {"note": "x" * 501}},
            None,
            "metadata[note]",
            "Metadata values can have up to 500 characters, but you passed in a value that is 501 characters.",
        ),
    ],
)
def test_a_wrong_parameter_is_named(
    sandbox: Sandbox, school: RequestOptions, wrong: dict[str, Any], code: str | None, param: str, message: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sandbox.client.v1.payment_intents.create(GOOD | wrong, school)

    assert refused.value.http_status == 400
    assert (refused.value.code, refused.value.param, refused.value.user_message) == (code, param, message)


def test_a_missing_parameter_is_named(sandbox: Sandbox, school: RequestOptions) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sandbox.client.v1.payment_intents.create({"amount": 1000}, school)

    assert (refused.value.code, refused.value.param) == ("parameter_missing", "currency")


@pytest.mark.parametrize("currency", ["CAD", "xyz"])
def test_currencies_are_known_and_lower_case(sandbox: Sandbox, school: RequestOptions, currency: str) -> None:
    with pytest.raises(stripe.InvalidRequestError, match=f"Invalid currency: {currency}"):
        sandbox.client.v1.payment_intents.create(GOOD | {"currency": currency}, school)


def test_the_platform_pays_no_fee_to_itself(sandbox: Sandbox) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="Can only apply an application_fee_amount"):
        sandbox.client.v1.payment_intents.create(GOOD | {"application_fee_amount": 10})


def test_json_bodies_are_checked_too(sandbox: Sandbox) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sandbox.client.v2.core.accounts.create({"display_nam": "A"})

    assert (refused.value.code, refused.value.param) == ("parameter_unknown", "display_nam")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"mode": "subscription"}, "at least one recurring price"),
        ({"success_url": "merci"}, "An explicit scheme"),
        ({"line_items": []}, "Missing required param: line_items"),
        ({"expires_at": 1}, "at least 30 minutes"),
        ({"expires_at": 9_999_999_999}, "less than 24 hours"),
        ({"customer": "cus_none"}, "No such customer"),
        ({"payment_intent_data": {"application_fee_amount": 551}}, "Invalid application fee amount"),
        ({"allowed_payment_method_types": ["bancontact"]}, "No valid payment method types"),
    ],
)
def test_a_page_that_could_never_be_paid_is_not_opened(
    sandbox: Sandbox, school: RequestOptions, changes: dict[str, Any], message: str
) -> None:
    good: dict[str, Any] = {
        "mode": "payment",
        "success_url": "http://parent.test/",
        "line_items": [
            {"quantity": 1, "price_data": {"currency": "cad", "unit_amount": 550, "product_data": {"name": "A"}}}
        ],
    }

    with pytest.raises(stripe.InvalidRequestError, match=message):
        sandbox.client.v1.checkout.sessions.create(good | changes, school)


def test_an_account_that_is_not_finished_takes_no_payment(sandbox: Sandbox) -> None:
    account = sandbox.an_account(onboarded=False)

    with pytest.raises(stripe.InvalidRequestError, match="cannot currently make charges"):
        sandbox.client.v1.payment_intents.create(GOOD, {"stripe_account": account})


def test_another_key_opens_nothing(sandbox: Sandbox) -> None:
    with pytest.raises(stripe.AuthenticationError) as refused:
        sandbox.client_with("sk_test_another").v1.balance.retrieve()

    assert refused.value.http_status == 401


def test_a_route_of_stripe_that_the_sandbox_lacks_says_so(sandbox: Sandbox) -> None:
    with pytest.raises(stripe.APIError) as refused:
        sandbox.client.v1.coupons.list()

    assert (refused.value.http_status, refused.value.error.code) == (501, "not_in_sandbox")


def test_an_address_that_stripe_lacks_is_unknown(sandbox: Sandbox) -> None:
    headers = {"Authorization": f"Bearer {SECRET_KEY}"}
    request = urllib.request.Request(f"{sandbox.url}/v1/nonsense", headers=headers)

    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)

    assert refused.value.code == 404
    assert json.load(refused.value)["error"]["message"] == "Unrecognized request URL (GET: /v1/nonsense)."


def test_each_answer_names_its_request_and_version(sandbox: Sandbox) -> None:
    response = sandbox.client.v1.balance.retrieve().last_response

    assert response.headers["Request-Id"].startswith("req_")
    assert response.headers["Stripe-Version"] == stripe.api_version
