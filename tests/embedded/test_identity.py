"""The simulated provider of identities: one more service, that answers as a provider does."""

import re

import requests

from deploy.embedded import citizens, services


def test_it_serves_on_this_machine_and_offers_each_application_its_own_people(tmp_path) -> None:
    with services.identities(tmp_path) as identity:
        told = requests.get(f"{identity.url}/.well-known/openid-configuration", timeout=5).json()
        asked = {
            "client_id": "brimont",
            "redirect_uri": "http://brimont.localhost:8000/retour",
            "response_type": "code",
            "scope": "openid",
            "state": "kept",
        }
        page = requests.get(told["authorization_endpoint"], params=asked, timeout=5).text

    assert told["issuer"] == identity.url
    assert identity.url.startswith("http://127.0.0.1:")
    assert identity.environment() == {"IDENTITY_SIMULATION_URL": identity.url}
    assert re.findall(r'value="([^"]+)"', page) == ["pierre-delvaux", "simon-lambert", "karel-peeters", "alex-novak"]
    assert "http://brimont.localhost:8000/retour?error=access_denied&amp;state=kept" in page


def test_it_keeps_its_port(tmp_path) -> None:
    with services.identities(tmp_path) as first:
        pass
    with services.identities(tmp_path) as second:
        assert second.url == first.url


def test_the_debugger_of_the_library_is_off() -> None:
    made = citizens.provider()

    assert "Debugged" not in type(citizens.served(made)).__name__
    assert not made.debug
