"""Until the organisation opens its site to families, its staff alone see it; others are told that it opens soon."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from shared_apps.accounts.access import member_of

_PORTAL = "tenant_apps.portal.views."
# What that very page shows or leads to: the face, and what the organisation says of itself by law.
_SHOWN = frozenset({"brand_css", "picture", "accessibility", "privacy"})


class OpensSoonMiddleware:
    """Costs an organisation that is open nothing: it was read by the first door (tenants.middleware).

    Signing in, the workplace, health and the processor's events are no business of the portal, and go on.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *arguments: Any) -> HttpResponse | None:
        if not opens_later(request) or not view.__module__.startswith(_PORTAL):
            return None
        name = request.resolver_match.url_name if request.resolver_match else ""
        if name in _SHOWN or _works_here(request):
            return None
        # 503: the page that was asked for is not there yet; nobody keeps or indexes what stands in its place.
        response = render(request, "portal/opens_soon.html", status=503)
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Cache-Control"] = "no-store"
        return response


def opens_later(request: HttpRequest) -> bool:
    organisation = getattr(request, "organisation", None)
    return organisation is not None and not organisation.is_operations and organisation.live_at is None


def _works_here(request: HttpRequest) -> bool:
    return request.user.is_authenticated and member_of(request) is not None
