"""The tables that a restore put aside: kept some days, for who looks for something in them, then dropped."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from kernel.database import connection
from tenants.context import in_registry
from tenants.models import Restore, WorkState
from tenants.restoring import loading


def drop_old(*, at: datetime) -> list[str]:
    """Those of restores that were over so many days ago. Returns their names."""
    with in_registry():
        old = Restore.objects.filter(finished_at__lte=at - timedelta(days=settings.WRECKED_DAYS))
        return _drop(old.filter(state=WorkState.DONE))


def drop_of(organisation_id: UUID) -> list[str]:
    """All of one organisation's, whatever their age; what its rows said goes with them."""
    with in_registry():
        return _drop(Restore.objects.filter(organisation_id=organisation_id))


def _drop(restores: Iterable[Restore]) -> list[str]:
    there = _there()
    dropped = [name for restore in restores if (name := restore.report.get("wrecked")) in there]
    for name in dropped:
        loading.drop(name)
    return dropped


def _there() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE starts_with(nspname, 'wrecked_')")
        return {name for (name,) in cursor.fetchall()}
