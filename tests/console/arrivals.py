"""Somebody who opens the space of their organisation, page by page."""

import re
from typing import Any

from shared_apps.outbox.models import Message
from tenants.context import in_registry
from tenants.models import Arrivals, PlatformRules, SignUp
from tests.clients import HostClient

ORGANISATION = {"name": "Commune de Val-Clair", "kind": "commune_be", "language": "fr", "languages": ["nl"]}
ADDRESS = {"slug": "val-clair"}
OWNER = {"first_name": "Ada", "last_name": "Noël", "email": "ada@val-clair.example", "phone": ""}


def rule(arrivals: Arrivals) -> None:
    with in_registry():
        PlatformRules.objects.update_or_create(id=1, defaults={"arrivals": arrivals})


def answer(visitor: HostClient, **other: Any) -> Any:
    """Every page up to the last, on which the conditions are accepted. `other`: answers that differ, by field."""
    for path, said in (("", ORGANISATION), ("/adresse", ADDRESS), ("/personne", OWNER)):
        visitor.post(f"/ouvrir{path}", said | {name: value for name, value in other.items() if name in said})
    visitor.post("/ouvrir/offre", {"plan": other.get("plan", "essentiel")})
    return visitor.get("/ouvrir/verification")


def ask(visitor: HostClient, **other: Any) -> SignUp:
    """Up to the code, which is in the mail."""
    answer(visitor, **other)
    sent = visitor.post("/ouvrir/verification", {"accepted": "on"})
    assert sent.status_code == 302, sent.context["form"].errors
    assert sent.url == "/ouvrir/code"
    return latest()


def latest() -> SignUp:
    with in_registry():
        return SignUp.objects.select_related("organisation").order_by("-created_at", "-id")[0]


def code_of(asked: SignUp) -> str:
    """The last one that was sent."""
    mails = Message.objects.filter(unique_key__startswith=f"sign-up:{asked.pk}:code")
    [found] = re.findall(r"\b\d{6}\b", mails.order_by("-created_at")[0].text)
    return str(found)


def confirm(visitor: HostClient, asked: SignUp) -> Any:
    return visitor.post("/ouvrir/code", {"code": code_of(asked)})


def arrived(visitor: HostClient, **other: Any) -> SignUp:
    """A request whose owner's address is proved, as the platform's rule then takes it."""
    asked = ask(visitor, **other)
    confirm(visitor, asked)
    return latest()
