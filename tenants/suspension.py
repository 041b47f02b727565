"""What a suspended organisation still does: it is read, left and taken away, and nothing new begins in it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from tenants.models import State

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def is_read_only(request: HttpRequest) -> bool:
    organisation = getattr(request, "organisation", None)
    return organisation is not None and organisation.state == State.SUSPENDED


class ReadOnlyMiddleware:
    """Refuses, with the reason, a form sent to a suspended organisation, unless its view `still_works`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *arguments: Any) -> HttpResponse | None:
        if request.method in _SAFE or not is_read_only(request) or getattr(view, "still_works", False):
            return None
        return render(request, "errors/suspended.html", status=503)
