"""What somebody has said so far to open their organisation, kept in their session from page to page."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing import plans
from tenant_apps.console import kinds, sign_up_forms
from tenants.operations.sign_up import Wish

_KEY = "sign_up"
_ASKED = "sign_up_asked"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of questions: the end of its address's name, its form and its title."""

    name: str
    form: type[forms.Form]
    title: str | Promise


PAGES = (
    Page("organisation", sign_up_forms.OrganisationForm, _("Votre organisation")),
    Page("address", sign_up_forms.AddressForm, _("L’adresse de votre site")),
    Page("owner", sign_up_forms.OwnerForm, _("La première personne")),
    Page("plan", sign_up_forms.PlanForm, _("Votre forfait")),
)


class Answers:
    """One visitor's, by page. A page that is answered again replaces its own answers and no others."""

    def __init__(self, session: SessionBase) -> None:
        self._session = session
        self._said: dict[str, dict[str, Any]] = session.get(_KEY, {})

    def of(self, page: Page) -> dict[str, Any]:
        return dict(self._said.get(page.name, {}))

    def keep(self, page: Page, said: dict[str, Any]) -> None:
        self._said = {**self._said, page.name: said}
        self._session[_KEY] = self._said

    def missing(self) -> Page | None:
        """The first page that is still to be answered."""
        return next((page for page in pages() if page.name not in self._said), None)

    @property
    def currency(self) -> str:
        kind = self._said.get("organisation", {}).get("kind")
        return kinds.currency(kind) if kind else "cad"

    @property
    def name(self) -> str:
        return str(self._said.get("organisation", {}).get("name", ""))

    def wish(self) -> Wish:
        """Raises KeyError while a page is missing."""
        organisation, owner = self._said["organisation"], self._said["owner"]
        language = organisation["language"]
        others = [each for each in organisation["languages"] if each != language]
        return Wish(
            name=organisation["name"],
            slug=self._said["address"]["slug"],
            preset=organisation["kind"],
            language=language,
            languages=[language, *others],
            plan=self._said.get("plan", {}).get("plan", ""),
            owner_first_name=owner["first_name"],
            owner_last_name=owner["last_name"],
            owner_email=owner["email"],
            owner_phone=owner["phone"],
        )


def pages() -> tuple[Page, ...]:
    """There is nothing to choose where the platform sells nothing."""
    return PAGES if plans.offered() else PAGES[:-1]


def remember(request: HttpRequest, sign_up_id: UUID) -> None:
    """This browser asked: it alone may say the code, and be shown the invitation at the end."""
    request.session[_ASKED] = str(sign_up_id)


def asked_here(request: HttpRequest) -> str | None:
    asked: str | None = request.session.get(_ASKED)
    return asked


def let_go(request: HttpRequest) -> None:
    """All is said and sent: whoever sits down at this browser next does not read it."""
    request.session.pop(_KEY, None)
