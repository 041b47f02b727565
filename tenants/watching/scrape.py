"""/metrics: for whoever collects them and says the word. It names organisations, views and tasks, and no person."""

import os

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from tenants.watching import metrics
from tenants.watching.gauges import RegistryCollector


def page(request: HttpRequest) -> HttpResponse:
    """404 where no word is set: there is nothing here for anybody."""
    if not settings.METRICS_TOKEN:
        return HttpResponse("Not found.", status=404, content_type="text/plain")
    if not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"):
        answer = HttpResponse("Say the word.", status=401, content_type="text/plain")
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer
    body = generate_latest(_counted()) + generate_latest(_read())
    return HttpResponse(body, content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def _counted() -> CollectorRegistry:
    """By all processes, where they write in one folder; else by this one."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return metrics.OWN
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    return together


def _read() -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(RegistryCollector())
    return registry
