"""Sends a browser to a page that asks something first, with the way back to where it was."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect


def by(request: HttpRequest, name: str, *, back: str) -> HttpResponseBase:
    """By the page called `name`. A piece of a page cannot hold another page: there, the browser itself must go."""
    address = f"{reverse(name)}?{urlencode({'next': back}, safe='/')}"
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(address)
    return redirect(address)


def page_of(request: HttpRequest) -> str:
    """What to come back to: a piece of a page is asked for by the whole page around it."""
    if htmx := getattr(request, "htmx", None):
        return str(htmx.current_url_abs_path or "/")
    return request.get_full_path()
