"""Somebody with an account, and what they do in most of these tests."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from pytest_django import Settings

from kernel import clock
from shared_apps.accounts.models import User
from shared_apps.outbox.models import Message
from tests.clients import HostClient
from tests.factories.organisation import a_user

EMAIL = "marie@example.org"
PASSWORD = "une phrase de passe"


def a_member(email: str = EMAIL, *, password: str | None = PASSWORD) -> User:
    """Their address is confirmed. Without a password they come with an identity of elsewhere."""
    user = a_user(email, password=password)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def sign_in(client: HostClient, login: str = EMAIL, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/connexion", {"login": login, "password": password, **more})


def is_signed_in(client: HostClient) -> bool:
    return bool(client.get("/compte/securite").status_code == 200)


def the_code() -> str:
    """The code in the last mail of the outbox."""
    text = Message.objects.latest("created_at", "id").text
    found = re.search(r"^[A-Z0-9-]{4,}$", text, re.MULTILINE)
    assert found, text
    return found[0]


class MovedClock:
    """The platform's own clock, in a file of the test."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        settings.CLOCK_FILE = folder / "clock"

    def advance(self, **by: float) -> None:
        clock.advance(timedelta(**by))

    def now(self) -> datetime:
        return clock.now()
