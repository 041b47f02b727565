"""Is this process alive, and can it serve? Asked by what runs it, on any host and in no organisation."""

from django.core.cache import caches
from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse

from tenants.cache import ForgivingRedisCache
from tenants.models import OPERATIONS_SCHEMA, Organisation, State


def alive(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is looked at."""
    return HttpResponse("ok", content_type="text/plain")


def ready(request: HttpRequest) -> HttpResponse:
    """200 when pages can be served. Redis is told of and decides nothing: without it the platform is only slower."""
    database = _database_serves()
    parts = {"database": database, "redis": _redis_serves()}
    return JsonResponse(parts, status=200 if database else 503)


def _redis_serves() -> bool:
    cache = caches["default"]
    return isinstance(cache, ForgivingRedisCache) and cache.reachable()


def _database_serves() -> bool:
    try:
        return Organisation.objects.filter(schema_name=OPERATIONS_SCHEMA, state=State.READY).exists()
    except Error:
        return False
