"""Counts each request and how long it took."""

import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from tenants.watching import metrics


class MetricsMiddleware:
    """Outside the door of organisations: hosts that nobody has are counted too, under one name."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response = self.get_response(request)
        if not request.path_info.startswith(settings.UNWATCHED):
            organisation = getattr(request, "organisation", None)
            match = request.resolver_match
            metrics.request_answered(
                organisation=organisation.slug if organisation else metrics.NONE,
                view=match.view_name if match else metrics.NONE,
                status=response.status_code,
                seconds=time.perf_counter() - began,
            )
        return response
