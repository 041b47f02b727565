"""A provider of identities that answers as a real one does, and a person who goes there and comes back."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from allauth.socialaccount.models import SocialApp
from oidc_provider_mock import User as Citizen
from oidc_provider_mock import run_server_in_thread

from kernel import clock
from shared_apps.accounts.providers import operations, presets
from shared_apps.audit.actors import SYSTEM
from tests.clients import HostClient

ADA = Citizen(
    sub="ada",
    claims={
        "family_name": "Lovelace",
        "given_name": "Ada",
        "birthdate": "1985-07-30",
        "egovNRN": "85073003328",
    },
)
MARIE = Citizen(
    sub="marie",
    claims={
        "family_name": "Lapointe",
        "given_name": "Marie",
        "email": "marie@example.org",
        "email_verified": True,
    },
)


@contextmanager
def a_provider_of_identities(*citizens: Citizen) -> Iterator[str]:
    """Its issuer."""
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    with run_server_in_thread(user_claims=citizens or (ADA, MARIE)) as server:
        yield f"http://localhost:{server.server_port}"


def an_app(issuer: str, *, preset: str = "eid", provider_id: str = "eid", **columns: Any) -> SocialApp:
    from dataclasses import replace

    told = {"issuer": issuer, "client_id": "preau", "scopes": ("openid", "profile", "email"), **columns}
    source = replace(presets.preset(preset), **told)
    return operations.add(source=source, secret="a secret", provider_id=provider_id, actor=SYSTEM, at=clock.now())


def asked_of_provider(answer: Any) -> dict[str, str]:
    """What we sent a person to the provider with."""
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.url).query).items()}


def go_and_come_back(client: HostClient, citizen: str, *, provider_id: str = "eid") -> Any:
    """The answer to the return, after the person has said at the provider who they are."""
    away = client.get(f"/connexion/avec/{provider_id}")
    back = requests.post(away.url, data={"sub": citizen}, allow_redirects=False, timeout=5)
    return client.get(address_of(back.headers["Location"]))


def address_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"
