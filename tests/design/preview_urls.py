"""Addresses of the preview: the guide, every skeleton, every error page, an organisation's colours."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path
from django.views.i18n import set_language

from shared_apps.design.brand import brand_css
from tests.design import preview_content

POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"


class StrictPolicy:
    """Sends the policy the product sends, so that an inline style or script shows."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.user = SimpleNamespace(  # type: ignore[assignment]
            is_authenticated="anonymous" not in request.GET, get_short_name=lambda: "Josée"
        )
        response = self.get_response(request)
        response["Content-Security-Policy"] = POLICY
        return response


def guide(request: HttpRequest) -> HttpResponse:
    """Show every component in every state."""
    return render(request, "made_up/guide.html", preview_content.context(request))


def screen(request: HttpRequest, name: str) -> HttpResponse:
    """Show a made-up screen of tests/design/templates, or an error page."""
    return render(request, f"{name}.html", preview_content.context(request))


def colours(request: HttpRequest) -> HttpResponse:
    """Serve an organisation's style sheet."""
    return HttpResponse(
        brand_css("#" + request.GET["brand"], "#" + request.GET["accent"] if "accent" in request.GET else None),
        content_type="text/css",
    )


def nothing(request: HttpRequest, which: str = "") -> HttpResponse:
    """Stand for the addresses of other rooms."""
    return HttpResponse(status=204)


_PORTAL = [
    "home",
    "catalogue",
    "basket",
    "account",
    "to_do",
    "bookings",
    "invoices",
    "entitlements",
    "consents",
    "my_data",
    "profile",
    "mfa_index",
    "accessibility",
    "privacy",
]
_PORTAL_WITH_ONE = ["offering", "register", "basket_remove"]

urlpatterns = [
    path("", guide),
    path("screen/<path:name>", screen),
    path("marque.css", colours),
    path("langue", set_language, name="set_language"),
    path("connexion", nothing, name="account_login"),
    path("deconnexion", nothing, name="account_logout"),
    *(path(f"portail/{name}", nothing, name=name) for name in _PORTAL),
    *(path(f"portail/{name}/<str:which>", nothing, name=name) for name in _PORTAL_WITH_ONE),
    path("gestion/", include(([path("", nothing, name="home")], "office"))),
]
