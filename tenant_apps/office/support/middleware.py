"""Holds whoever came by a support leave to it: pages of the workplace, read only, noted, with names hidden."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from kernel import clock, masking
from tenant_apps.office.support import visits
from tenant_apps.office.support.visits import Visit

_SAFE = frozenset({"GET", "HEAD"})
# What every page of the workplace is made of, and the ways in and out.
_AROUND = frozenset({"brand_css", "picture", "set_language", "office:support_enter", "office:support_leave"})

# What is searched there is what the organisation offers.
_OF_NO_PERSON = frozenset({"office:offerings"})
_LONGEST_ADDRESS = 300


class VisitMiddleware:
    """Costs others one look into a session that is read anyway."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not _has_session(request) or not visits.is_claimed(request.session):
            return self.get_response(request)
        visit = visits.of(request.session, at=clock.now())
        if visit is None:
            request.session.flush()
            return redirect("office:support_over")
        request.visit = visit  # type: ignore[attr-defined]
        with masking.hiding(masking.NEVER_SHOWN if visit.grant.shows_names else masking.EVERYTHING):
            return _only_pages(request, self.get_response(request))

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *arguments: Any) -> HttpResponse | None:
        visit: Visit | None = getattr(request, "visit", None)
        match = request.resolver_match
        if visit is None or match is None or match.view_name in _AROUND:
            return None
        if match.namespace != "office" or request.method not in _SAFE or _spells_out(request, visit, match.view_name):
            return render(request, "office/support/refused.html", status=403)
        visits.note(visit, address=request.get_full_path()[:_LONGEST_ADDRESS], at=clock.now())
        return None


def _spells_out(request: HttpRequest, visit: Visit, page: str) -> bool:
    """A search by a part of a name tells the name, letter by letter, though none is shown."""
    return bool(request.GET.get("q")) and not visit.grant.shows_names and page not in _OF_NO_PERSON


def _has_session(request: HttpRequest) -> bool:
    """The platform's own organisation has no workplace; without a cookie nobody was here before."""
    organisation = getattr(request, "organisation", None)
    return organisation is not None and not organisation.is_operations and bool(request.session.session_key)


def _only_pages(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """A file leaves with whoever takes it, and one that is streamed is made after the names were hidden."""
    is_page = response.headers.get("Content-Type", "").startswith("text/html") and not response.streaming
    match = request.resolver_match
    if is_page or response.status_code >= 300 or (match is not None and match.view_name in _AROUND):
        return response
    return render(request, "office/support/refused.html", status=403)
