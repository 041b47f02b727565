"""What a page says to one person is kept by no browser and no proxy: « back » after signing out shows nothing."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers


class PrivacyMiddleware:
    """Stands right inside the session's own middleware. A view that said how long to keep its answer is believed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        is_personal = request.session.accessed and not request.session.is_empty()
        if is_personal and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response
