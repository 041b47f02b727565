"""A page is in the reader's language, among those that the organisation offers."""

from tests.clients import HostClient
from tests.factories.organisation import a_user, an_organisation_profile


def language_of(client: HostClient) -> str:
    return str(client.get("/connexion").headers["Content-Language"])


def test_the_organisation_s_own_language_by_default(client: HostClient) -> None:
    assert language_of(client) == "fr"


def test_a_choice_is_kept_in_the_browser(client: HostClient) -> None:
    an_organisation_profile(languages=["fr", "en"])

    client.post("/langue", {"language": "en", "next": "/connexion"})

    assert language_of(client) == "en"


def test_a_language_that_is_not_offered_is_not_given(client: HostClient) -> None:
    an_organisation_profile(languages=["fr", "en"])

    client.post("/langue", {"language": "nl", "next": "/connexion"})

    assert language_of(client) == "fr"


def test_an_account_keeps_its_language_from_one_browser_to_the_next(client: HostClient) -> None:
    an_organisation_profile(languages=["fr", "en"])
    user = a_user()
    client.force_login(user)
    client.post("/langue", {"language": "en", "next": "/connexion"})
    user.refresh_from_db()
    assert user.language == "en"

    other = HostClient("a.localhost")
    other.force_login(user)

    assert other.get("/deconnexion").headers["Content-Language"] == "en"


def test_nonsense_is_no_language(client: HostClient) -> None:
    client.cookies["django_language"] = "xx'; DROP"

    assert language_of(client) == "fr"
    assert client.get("/langue").status_code == 405


def test_changing_language_leads_nowhere_else(client: HostClient) -> None:
    answer = client.post("/langue", {"language": "en", "next": "https://evil.example/"})

    assert answer.url == "/"
