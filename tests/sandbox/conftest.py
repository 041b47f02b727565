"""One sandbox for all tests of this folder; each test has its own connected account in it."""

from collections.abc import Iterator

import pytest
from stripe import RequestOptions
from stripe.checkout import Session

from tests.sandbox.harness import Sandbox


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox that has been started."""
    sandbox = Sandbox(tmp_path_factory.mktemp("sandbox"))
    sandbox.start()
    yield sandbox
    sandbox.kill()


@pytest.fixture
def sandbox(running: Sandbox) -> Iterator[Sandbox]:
    """The sandbox, left without faults."""
    yield running
    running.control("faults", {"rules": []})


@pytest.fixture
def account(sandbox: Sandbox) -> str:
    """A connected account that can take payments."""
    return sandbox.an_account()


@pytest.fixture
def school(account: str) -> RequestOptions:
    """What makes a request the account's."""
    return {"stripe_account": account}


@pytest.fixture
def session(sandbox: Sandbox, school: RequestOptions) -> Session:
    """An open payment page of 5,50 $."""
    return sandbox.client.v1.checkout.sessions.create(
        {
            "mode": "payment",
            "success_url": "http://parent.test/merci?page={CHECKOUT_SESSION_ID}",
            "cancel_url": "http://parent.test/panier",
            "locale": "fr",
            "line_items": [
                {
                    "quantity": 2,
                    "price_data": {
                        "currency": "cad",
                        "unit_amount": 275,
                        "product_data": {"name": "Dîner pizza"},
                    },
                }
            ],
            "payment_intent_data": {"application_fee_amount": 20, "metadata": {"commande": "A-1"}},
            "metadata": {"commande": "A-1"},
        },
        school,
    )
