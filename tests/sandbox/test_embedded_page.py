"""The payment page inside a merchant's own: who may open and frame it, and the way out."""

from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
import stripe
from stripe import RequestOptions
from stripe.checkout import Session

from tests.sandbox.harness import Sandbox, card_form, text_of

RETURN = "http://parent.test/merci?page={CHECKOUT_SESSION_ID}"
LINE = {"quantity": 1, "price_data": {"currency": "cad", "unit_amount": 550, "product_data": {"name": "Pizza"}}}


def opened(sandbox: Sandbox, school: RequestOptions, **more: Any) -> Session:
    params: dict[str, Any] = {"mode": "payment", "ui_mode": "embedded_page", "return_url": RETURN, "line_items": [LINE]}
    return sandbox.client.v1.checkout.sessions.create(params | more, school)


def in_the_frame(sandbox: Sandbox, session: Session, said: dict[str, str]) -> str:
    said = {"key": "pk_test_1", "client_secret": session.client_secret or "", **said}
    return f"{sandbox.url}/embedded?{urlencode(said)}"


def policy(sandbox: Sandbox, address: str) -> dict[str, str]:
    with urlopen(address, timeout=10) as answer:
        parts = answer.headers["Content-Security-Policy"].split("; ")
    return dict(part.split(" ", 1) for part in parts)


def test_it_is_opened_by_its_secret_and_has_no_address(sandbox: Sandbox, school: RequestOptions, account: str) -> None:
    session = opened(sandbox, school)

    assert (session.url, session.success_url, session.cancel_url) == (None, None, None)
    assert (session.return_url, session.redirect_on_completion) == (RETURN, "always")
    assert session.client_secret.startswith(f"{session.id}_secret_")
    reply = sandbox.page(in_the_frame(sandbox, session, {"account": account}))
    assert (reply.status, reply.location) == (303, f"{sandbox.url}/pay/{session.id}")


@pytest.mark.parametrize(
    "wrong", [{"key": "sk_test_1"}, {"account": ""}, {"account": "acct_2"}, {"client_secret": "x"}]
)
def test_another_account_key_or_secret_opens_nothing(
    sandbox: Sandbox, school: RequestOptions, account: str, wrong: dict[str, str]
) -> None:
    session = opened(sandbox, school)

    assert sandbox.page(in_the_frame(sandbox, session, {"account": account, **wrong})).status == 404
    other = {"account": account, "client_secret": f"{session.id}_secret_other"}
    assert sandbox.page(in_the_frame(sandbox, session, other)).status == 404


def test_only_the_site_it_goes_back_to_may_frame_it(sandbox: Sandbox, school: RequestOptions, session: Session) -> None:
    page = f"{sandbox.url}/pay/{opened(sandbox, school).id}"

    assert policy(sandbox, page)["frame-ancestors"] == "http://parent.test"
    assert policy(sandbox, page)["script-src"] == "'self'"
    assert policy(sandbox, session.url)["frame-ancestors"] == "'none'"
    assert "script-src" not in policy(sandbox, session.url)


def test_what_is_paid_leaves_the_frame(sandbox: Sandbox, school: RequestOptions) -> None:
    session = opened(sandbox, school)

    reply = sandbox.page(f"{sandbox.url}/pay/{session.id}", card_form())

    assert reply.status == 200
    back = f"http://parent.test/merci?page={session.id}"
    assert f'<a href="{back}" target="_top" data-leave>' in reply.body
    paid = sandbox.client.v1.checkout.sessions.retrieve(session.id, {}, school)
    assert (paid.status, paid.payment_status) == ("complete", "paid")


def test_the_bank_s_page_is_in_the_same_frame(sandbox: Sandbox, school: RequestOptions) -> None:
    session = opened(sandbox, school)
    bank = str(sandbox.page(f"{sandbox.url}/pay/{session.id}", card_form("4000002760003184")).location)

    assert policy(sandbox, bank)["frame-ancestors"] == "http://parent.test"
    answered = sandbox.page(bank, {"answer": "approve"})
    assert "Vous revenez au site." in text_of(answered)


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"success_url": RETURN}, "success_url"),
        ({"cancel_url": RETURN}, "cancel_url"),
        ({"redirect_on_completion": "never"}, "redirect_on_completion"),
        ({"ui_mode": "elements"}, "ui_mode"),
        ({"ui_mode": "hosted_page"}, "return_url"),
        ({"return_url": "merci"}, "return_url"),
    ],
)
def test_an_address_of_the_other_kind_of_page_is_refused(
    sandbox: Sandbox, school: RequestOptions, params: dict[str, str], param: str
) -> None:
    with pytest.raises(stripe.StripeError) as refused:
        opened(sandbox, school, **params)

    assert refused.value.json_body["error"]["param"] == param


def test_the_script_is_there_for_every_site(sandbox: Sandbox) -> None:
    with urlopen(f"{sandbox.url}/v3/stripe.js", timeout=10) as script:
        assert (script.status, script.headers.get_content_type()) == (200, "text/javascript")
        assert "createEmbeddedCheckoutPage" in script.read().decode()
