"""How far an import is, for whoever watches: in the cache, since what a transaction writes is seen only at its end."""

from uuid import UUID

from django.core.cache import cache

_KEPT_SECONDS = 600


def tell(run_id: UUID, done: int) -> None:
    cache.set(_key(run_id), done, _KEPT_SECONDS)


def told(run_id: UUID) -> int | None:
    """None where nothing is known: nobody watched, or the cache cannot be reached."""
    done: int | None = cache.get(_key(run_id))
    return done


def _key(run_id: UUID) -> str:
    return f"imports.progress:{run_id}"
