"""How far the preparation of an organisation is, for the page that waits for it.

Its transaction shows nothing before the commit, so it is told beside it, in the cache. While Redis is gone one process
does not hear another: then nothing is known, and the page says so.
"""

from enum import StrEnum
from uuid import UUID

from django.core.cache import cache

from tenants.context import in_registry

_KEPT_SECONDS = 3600


class Stage(StrEnum):
    """What is being done, in this order."""

    TABLES = "tables"
    RULES = "rules"
    PERSON = "person"
    ADDRESS = "address"


def reached(organisation_id: UUID, stage: Stage) -> None:
    with in_registry():
        cache.set(_key(organisation_id), stage.value, _KEPT_SECONDS)


def of(organisation_id: UUID) -> Stage | None:
    """None when it has not begun, or when nobody can be asked."""
    with in_registry():
        told = cache.get(_key(organisation_id))
    return Stage(told) if told in set(Stage) else None


def _key(organisation_id: UUID) -> str:
    return f"preparation/{organisation_id}"
