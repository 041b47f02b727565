"""Redis is gone: pages and sign-in go on, and the limits hold."""

from collections.abc import Iterator

import pytest
from allauth.account.models import EmailAddress
from celery import current_app
from django.core.cache import caches
from django.urls import reverse
from pytest_django import Settings

from shared_apps.accounts.models import User
from tests.clients import HostClient

NOWHERE = "redis://127.0.0.1:1/0"
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def no_redis(settings: Settings, client: HostClient) -> Iterator[None]:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": NOWHERE}}
    broker = current_app.conf.broker_write_url
    current_app.conf.broker_write_url = NOWHERE
    caches["default"].own.clear()
    yield
    current_app.conf.broker_write_url = broker


def test_a_page_is_served(client: HostClient) -> None:
    assert client.get(reverse("home")).status_code == 200


def test_it_is_told_and_the_platform_stays_in_service(client: HostClient) -> None:
    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (200, {"database": True, "redis": False})


def sign_in(client: HostClient, password: str) -> int:
    response = client.post(reverse("account_login"), {"login": "ada@example.org", "password": password})
    return int(response.status_code)


@pytest.fixture
def ada() -> User:
    user = User.objects.create_user("ada@example.org", PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def test_somebody_signs_in(client: HostClient, ada: User) -> None:
    assert sign_in(client, PASSWORD) == 302
    assert client.session["_auth_user_id"] == str(ada.id)


def test_passwords_are_not_tried_without_end(client: HostClient, ada: User) -> None:
    for _ in range(20):
        sign_in(client, "a guess")

    sign_in(client, PASSWORD)

    assert "_auth_user_id" not in client.session
