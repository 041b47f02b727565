"""Who visits the portal in these tests, and how they fill in its forms."""

import html
import re
from dataclasses import dataclass
from typing import Any

from kernel import ids
from tenant_apps.catalog.models import Offering, Option
from tenant_apps.families.models import Guardian
from tenant_apps.registrations.models import Registration
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_guardian
from tests.factories.forms import a_form

CHILD = {"last_name": "Lapointe", "first_name": "John"}
GUEST = {
    "contact-first_name": "Anne",
    "contact-last_name": "Lapointe",
    "contact-email": "anne@famille.example",
    "contact-phone": "",
}


@dataclass(frozen=True)
class Parent:
    guardian: Guardian
    client: HostClient


def a_parent(client: HostClient | None = None) -> Parent:
    guardian = a_guardian()
    client = client or HostClient("a.localhost")
    assert guardian.user is not None
    client.force_login(guardian.user)
    return Parent(guardian, client)


def a_guest(client: HostClient) -> HostClient:
    """A visitor who has chosen to go on without an account."""
    session = client.session
    session["guest_guardian"] = str(ids.uuid7())
    session.set_expiry(0)
    session.save()
    return client


def a_sale(**columns: Any) -> Offering:
    """A campaign that sells articles by quantity, paid at once, that asks who the child is."""
    return an_offering(
        **{
            "selection": "quantities",
            "checkout": "direct",
            "accepts_guests": True,
            "nature": "fundraising",
            "registration_form": the_questions().form,
            **columns,
        }
    )


def a_camp(**columns: Any) -> Offering:
    """Weeks to tick, kept in the basket."""
    return an_offering(**{"nature": "camp", "hold_minutes": 4320, "registration_form": the_questions().form, **columns})


def an_article(offering: Offering, name: str = "Macaroni", **columns: Any) -> Option:
    return an_option(name, offering=offering, **{"maximum_quantity": 10, "price": 550, **columns})


def the_questions() -> Any:
    return a_form(
        {"key": "last_name", "label": "Nom de l’élève", "required": True},
        {"key": "first_name", "label": "Prénom de l’élève", "required": True},
        {"key": "home_group", "label": "Groupe-repère"},
    )


def quantities(*asked: tuple[Option, object]) -> dict[str, object]:
    return {f"choix-q-{option.id}": quantity for option, quantity in asked}


def register_url(offering: Offering, child: object = "") -> str:
    return f"/activites/{offering.slug}/inscription" + (f"?enfant={child}" if child else "")


def held() -> list[tuple[str, str, int]]:
    """Every line of every basket: whose, what, how many."""
    lines = Registration.objects.filter(status="held").select_related("participant", "option")
    return sorted((str(line.participant), line.option.name, line.quantity) for line in lines)


def words(response: Any) -> str:
    """What a reader reads: the text without tags, every space an ordinary one."""
    text = re.sub(r"<(script|style)[^>]*>.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    text = html.unescape(re.sub(r"<[^>]+>", " ", text))
    return re.sub(r"\s+", " ", text.replace("\u202f", " ").replace("\u00a0", " "))
