"""How a page is written: in the reader's choice of the languages that the organisation offers, and at its clock."""

from collections.abc import Callable, Collection, Iterator
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone, translation

from kernel.registry import Registry
from shared_apps.accounts import access

# Said by the room that knows, at start-up: the languages that the organisation at hand offers.
OFFERED: Registry[Callable[[HttpRequest], Collection[str]]] = Registry("list of languages")


class LanguageMiddleware:
    """Stands after the one that knows the user, and answers in the language chosen."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = language_of(request)
        with translation.override(language), timezone.override(_zone(request)):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


def language_of(request: HttpRequest) -> str:
    """The first of the reader's wishes that is offered, else the organisation's own language."""
    default = _default(request)
    # Only a wish for another language than the organisation's costs a query.
    return next((wish for wish in _wishes(request) if wish == default or wish in _offered(request)), default)


def _wishes(request: HttpRequest) -> Iterator[str]:
    known = dict(settings.LANGUAGES)
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if chosen in known:
        yield chosen
    elif settings.SESSION_COOKIE_NAME in request.COOKIES:
        # Without a session there is nobody to ask the database about.
        yield from {getattr(request.user, "language", "")} & set(known)


def _default(request: HttpRequest) -> str:
    language = getattr(getattr(request, "organisation", None), "language", "")
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _zone(request: HttpRequest) -> ZoneInfo:
    return ZoneInfo(getattr(getattr(request, "organisation", None), "time_zone", "") or settings.TIME_ZONE)


def _offered(request: HttpRequest) -> Collection[str]:
    if access.is_operations(request):
        return dict(settings.LANGUAGES)
    return {language for _, languages in OFFERED for language in languages(request)}
