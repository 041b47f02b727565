"""Is this process alive, and can it serve? Asked by what runs it, on any host and in no organisation."""

from functools import cache

from django.conf import settings
from django.core.cache import caches
from django.db import Error, connection
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse

from tenants.cache import ForgivingRedisCache
from tenants.models import OPERATIONS_SCHEMA, Organisation, State
from tenants.schemas import migrations, status


def alive(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is looked at."""
    return HttpResponse("ok", content_type="text/plain")


def ready(request: HttpRequest) -> HttpResponse:
    """200 when pages can be served: the database answers, and its registry has what this release reads.

    Redis is told of and decides nothing, since without it the platform is only slower; nor do organisations that are
    yet to be migrated, which this release serves as they are.
    """
    database = _database_serves()
    registry = database and _registry_is_current()
    parts = {
        "release": settings.RELEASE,
        "region": settings.REGION,
        "database": database,
        "registry": registry,
        "organisations_behind": status.count_behind() if registry else None,
        "redis": _redis_serves(),
    }
    return JsonResponse(parts, status=200 if registry else 503)


def _redis_serves() -> bool:
    cache = caches["default"]
    return isinstance(cache, ForgivingRedisCache) and cache.reachable()


def _database_serves() -> bool:
    try:
        return Organisation.objects.filter(schema_name=OPERATIONS_SCHEMA, state=State.READY).exists()
    except Error:
        return False


def _registry_is_current() -> bool:
    try:
        return _known() <= MigrationRecorder(connection).applied_migrations().keys()
    except Error:
        return False


@cache
def _known() -> frozenset[tuple[str, str]]:
    """What this process runs was on disk when it started."""
    return frozenset(migrations.known())
