"""What browsers are told with every page."""

import pytest
from django.test import Client

from shared_apps.design import security
from tests.clients import HostClient


def test_a_page_loads_from_its_own_host_and_is_framed_by_nobody(client: HostClient) -> None:
    headers = client.get("/connexion").headers

    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize(
    ("processor", "page"),
    [
        ("https://api.stripe.com", "https://checkout.stripe.com"),
        ("http://127.0.0.1:8012/v1", "http://127.0.0.1:8012"),
    ],
)
def test_a_form_may_end_on_the_page_of_the_processor_and_nowhere_else(processor: str, page: str) -> None:
    assert security.policy(processor).endswith(f"form-action 'self' {page}")


@pytest.mark.parametrize(
    ("processor", "ends"),
    [
        ("https://api.stripe.com", "https://checkout.stripe.com https://connect.stripe.com"),
        ("http://127.0.0.1:8012/v1", "http://127.0.0.1:8012"),
    ],
)
def test_the_form_of_an_account_may_end_where_the_account_is_finished_too(processor: str, ends: str) -> None:
    assert security.onboarding_policy(processor).endswith(f"form-action 'self' {ends}")


EVERY_PAGE = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'self' {page}"
)


def test_the_policy_of_every_page_names_no_script_of_anybody_else() -> None:
    assert security.policy("https://api.stripe.com") == EVERY_PAGE.format(page="https://checkout.stripe.com")


@pytest.mark.parametrize(
    ("processor", "script", "page", "more"),
    [
        (
            "https://api.stripe.com",
            "https://js.stripe.com/endive/stripe.js",
            "https://checkout.stripe.com",
            "; script-src 'self' https://js.stripe.com https://*.js.stripe.com"
            "; frame-src https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com"
            " https://checkout.stripe.com"
            "; connect-src 'self' https://api.stripe.com https://checkout.stripe.com",
        ),
        (
            "http://127.0.0.1:8012",
            "http://127.0.0.1:8012/v3/stripe.js",
            "http://127.0.0.1:8012",
            "; script-src 'self' http://127.0.0.1:8012; frame-src http://127.0.0.1:8012"
            "; connect-src 'self' http://127.0.0.1:8012",
        ),
    ],
)
def test_the_page_that_shows_the_processor_s_adds_what_that_needs(
    processor: str, script: str, page: str, more: str
) -> None:
    assert security.embedding_policy(processor, script) == EVERY_PAGE.format(page=page) + more


def test_an_unknown_host_is_answered_with_the_same_headers(db: None) -> None:
    answer = Client(SERVER_NAME="nobody.localhost").get("/")

    assert answer.status_code == 404
    assert "Content-Security-Policy" in answer.headers


def test_a_form_that_is_not_ours_is_told_what_to_do(db: None) -> None:
    answer = HostClient("a.localhost", enforce_csrf_checks=True).post("/connexion", {})

    assert answer.status_code == 403
    assert "<h1>" in answer.content.decode()
