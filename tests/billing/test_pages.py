"""What a browser brings back in the place of a page's name asks the processor nothing."""

import pytest

from billing.gateway import client, setups, shared_cards
from billing.gateway.client import ProcessorRefused, ProcessorUnavailable

NOT_NAMES = ["", "nonsense", "cs_", "cs_a/b", "cs_../../v1/refunds", "cs_a b", "cs_a\n", "cs_é", "cs_" + "a" * 5000]


@pytest.fixture(autouse=True)
def _nobody_answers(settings):
    """Whoever is asked all the same is told so by ProcessorUnavailable."""
    settings.STRIPE_API_BASE, settings.STRIPE_TIMEOUT_SECONDS = "http://127.0.0.1:1", 1
    client.client.cache_clear()
    yield
    client.client.cache_clear()


@pytest.mark.parametrize("written", NOT_NAMES)
def test_what_can_be_no_name_is_not_asked_about(written):
    with pytest.raises(ProcessorRefused):
        setups.look_at(account="acct_1", page_id=written)
    with pytest.raises(ProcessorRefused):
        shared_cards.look_at(written)


def test_a_name_is_asked_about(monkeypatch):
    monkeypatch.setattr("stripe._http_client.RequestsClient._sleep_time_seconds", lambda *_args: 0)
    for look in (lambda: setups.look_at(account="acct_1", page_id="cs_test_1"), lambda: shared_cards.look_at("cs_1")):
        with pytest.raises(ProcessorUnavailable):
            look()
