"""The ways into an organisation: its identity providers, and accounts of ours where its rules allow them (S4-47)."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from allauth.account.utils import get_next_redirect_url
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from shared_apps.accounts import access
from shared_apps.accounts.models import User
from shared_apps.accounts.providers import sources
from shared_apps.accounts.providers.rules import STAFF, Passwords, rules_of

# « Me connecter autrement » (S4-47), and the way of staff where families have no password.
OTHERWISE = "autrement"


def offered(request: HttpRequest) -> dict[str, Any]:
    """The providers with the address of each, and `shows_form`, `otherwise_url`, `passwords` for what stands below."""
    if access.is_operations(request):
        return {"providers": [], "shows_form": True, "passwords": Passwords.SHOWN}
    apps = sources.in_service()
    found = [{"name": app.name, "url": _address(request, app.provider_id)} for app in apps]
    passwords = _passwords(request, has_providers=bool(found))
    asked = request.method == "POST" or OTHERWISE in request.GET
    return {
        "providers": found,
        # S3-02: who has a child at school, and an account there, or not.
        "has_portal": any(app.settings.get("preset") == "board" for app in apps),
        "shows_form": passwords == Passwords.SHOWN or asked,
        "passwords": passwords,
        "otherwise_url": f"{reverse('account_login')}?{urlencode(_next(request) | {OTHERWISE: 1})}",
    }


def accepts_sign_up(request: HttpRequest) -> bool:
    if access.is_operations(request):
        return False
    return _passwords(request, has_providers=bool(sources.in_service())) != Passwords.NEVER


def refuse(request: HttpRequest, user: User, told: Mapping[str, Any] | None) -> HttpResponse | None:
    """To a family's account that comes without its provider, where the organisation wants it; else None."""
    if access.is_operations(request) or "sociallogin" in (told or {}) or accepts_sign_up(request):
        return None
    if any(is_staff(user) for _name, is_staff in STAFF):
        return None
    messages.error(request, _("Ici, les familles se connectent avec leur identité électronique."))
    return redirect("account_login")


def _passwords(request: HttpRequest, *, has_providers: bool) -> Passwords:
    # Without a provider in service the rule would shut everybody out.
    return rules_of(request).passwords if has_providers else Passwords.SHOWN


def _address(request: HttpRequest, provider_id: str) -> str:
    address = reverse("openid_connect_login", args=[provider_id])
    goes_on = _next(request)
    return f"{address}?{urlencode(goes_on)}" if goes_on else address


def _next(request: HttpRequest) -> dict[str, Any]:
    url = get_next_redirect_url(request)
    return {"next": url} if url else {}
