"""The first door: the host says which organisation is asked, and only one in service is answered for."""

from collections.abc import Callable, Iterator
from typing import Any

import structlog
from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils import translation

from kernel.database import connection
from tenants import hosts
from tenants.context import in_organisation
from tenants.models import SERVED, Organisation, State

logger = structlog.get_logger(__name__)

_HEALTH = "config.urls.health"
_RETRY_AFTER_SECONDS = 10
_GONE = frozenset({State.ERASING, State.ERASED})


class OrganisationMiddleware:
    """Enters the organisation for the length of a request, and leaves it whatever happens."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        connection.set_schema_to_public()
        if health := _health(request):
            return health
        host = hosts.find(request)
        if host is None:
            return _page("errors/unknown_host.html", status=404)
        organisation = host.organisation
        if organisation.state not in SERVED:
            return _closed(organisation)
        if host.moved_to:
            return _moved(host.moved_to + request.get_full_path())
        response = self._serve(request, organisation)
        if host.is_own:
            _promise_for_itself_alone(response)
        return response

    def _serve(self, request: HttpRequest, organisation: Organisation) -> HttpResponseBase:
        request.organisation = organisation  # type: ignore[attr-defined]
        request.urlconf = settings.URLCONFS[organisation.kind]
        structlog.contextvars.bind_contextvars(organisation=organisation.slug)
        try:
            with in_organisation(organisation):
                response = self.get_response(request)
                _check_still_in(organisation)
        finally:
            connection.set_schema_to_public()
        return _streamed_in(organisation, response)


def _health(request: HttpRequest) -> HttpResponseBase | None:
    try:
        match = resolve(request.path_info, urlconf=_HEALTH)
    except Resolver404:
        return None
    answer: HttpResponse = match.func(request)
    return answer


def _closed(organisation: Organisation) -> HttpResponse:
    if organisation.state in _GONE:
        return _page("errors/gone.html", status=410, language=organisation.language)
    response = _page("errors/503.html", status=503, language=organisation.language)
    response.headers["Retry-After"] = str(_RETRY_AFTER_SECONDS)
    return response


def _moved(address: str) -> HttpResponse:
    response = HttpResponsePermanentRedirect(address, preserve_request=True)
    # A browser that kept it would go round in circles once the other name is the primary one again.
    response.headers["Cache-Control"] = "no-store"
    return response


def _promise_for_itself_alone(response: HttpResponseBase) -> None:
    """Not for what is below the organisation's own name, which may be no site of ours and speak no TLS."""
    if "Strict-Transport-Security" in response.headers:
        response.headers["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"


def _page(template: str, *, status: int, language: str = settings.LANGUAGE_CODE) -> HttpResponse:
    # Without the request: what the context processors add is an organisation's.
    with translation.override(language):
        return HttpResponse(render_to_string(template), status=status)


def _check_still_in(organisation: Organisation) -> None:
    if connection.schema_name != organisation.schema_name:
        logger.error("left_in_another_schema", expected=organisation.schema_name, found=connection.schema_name)


def _streamed_in(organisation: Organisation, response: HttpResponseBase) -> HttpResponseBase:
    """A streamed answer is made while it is sent, after the request has left: it enters again by itself."""
    if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
        response.streaming_content = _inside(organisation, iter(response))
    return response


def _inside(organisation: Organisation, parts: Iterator[Any]) -> Iterator[Any]:
    while True:
        with in_organisation(organisation):
            try:
                part = next(parts)
            except StopIteration:
                return
        yield part
