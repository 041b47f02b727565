"""What a suspended organisation still does: it is read, left and taken away, and nothing new begins in it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from tenants.models import Departure, State, SuspendedFor

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def is_read_only(request: HttpRequest) -> bool:
    organisation = getattr(request, "organisation", None)
    return organisation is not None and organisation.state == State.SUSPENDED


def erased_on(request: HttpRequest) -> date | None:
    """The day on which an organisation that left and is closed is erased."""
    organisation = getattr(request, "organisation", None)
    if not is_read_only(request) or organisation.suspended_for != SuspendedFor.LEAVING:  # type: ignore[union-attr]
        return None
    leaving = Departure.objects.filter(organisation=organisation, cancelled_at=None)
    return leaving.values_list("erases_on", flat=True).first()


class NothingBegins(Exception):
    """A page would have begun something by being looked at."""


def refuse_to_begin(request: HttpRequest) -> None:
    if is_read_only(request):
        raise NothingBegins


class ReadOnlyMiddleware:
    """Refuses, with the reason, a form sent to a suspended organisation, unless its view `still_works`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *arguments: Any) -> HttpResponse | None:
        if request.method in _SAFE or not is_read_only(request) or getattr(view, "still_works", False):
            return None
        return _refused(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return _refused(request) if isinstance(exception, NothingBegins) else None


def _refused(request: HttpRequest) -> HttpResponse:
    return render(request, "errors/suspended.html", status=503)
