"""Kinds of answer that the portal gives."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme

View = Callable[..., HttpResponseBase]


class SeeOther(HttpResponseRedirect):
    """After a POST: the browser asks for the next page, and reloading that one sends nothing again."""

    status_code = 303


def personal(view: View) -> View:
    """Never kept by a browser or a proxy, for a page that a secret address opens without any session."""

    @wraps(view)
    def uncached(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    return uncached


def local_path(request: HttpRequest, said: str) -> str:
    """`said` if it is an address of this very site, else nothing: `next=` sends nobody elsewhere."""
    is_ours = said.startswith("/") and url_has_allowed_host_and_scheme(said, allowed_hosts={request.get_host()})
    return said if is_ours else ""
