"""The cache: keys carry the organisation, and a Redis that is down is a cache that remembers nothing."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from kernel.database import connection

logger = structlog.get_logger(__name__)

Answer = TypeVar("Answer")

_CONNECT_SECONDS = 0.3
_ANSWER_SECONDS = 0.5
# After a failure, so that a page that reads ten values does not wait ten times.
_PAUSE_SECONDS = 2.0


def make_key(key: str, prefix: str, version: int) -> str:
    """« schema:prefix:version:key »: one organisation never reads what another wrote."""
    return f"{connection.schema_name}:{prefix}:{version}:{key}"


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache, which answers as an empty one while Redis cannot be reached."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        limits = {"socket_connect_timeout": _CONNECT_SECONDS, "socket_timeout": _ANSWER_SECONDS}
        super().__init__(server, {**params, "OPTIONS": {**limits, **params.get("OPTIONS", {})}})
        self._quiet_until = 0.0

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return self._or(False, super().add, *args, **kwargs)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._or(default, super().get, key, default, version=version)

    def set(self, *args: Any, **kwargs: Any) -> None:
        return self._or(None, super().set, *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return self._or(False, super().touch, *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return self._or(False, super().delete, *args, **kwargs)

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        return self._or({}, super().get_many, keys, version=version)

    def set_many(self, data: dict[Any, Any], *args: Any, **kwargs: Any) -> list[Any]:
        return self._or(list(data), super().set_many, data, *args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> None:
        return self._or(None, super().delete_many, *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        return self._or(False, super().has_key, *args, **kwargs)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Redis down: as a first time. ValueError for a key that is not there, as Django has it."""
        return self._or(delta, super().incr, key, delta, version=version)

    def reachable(self) -> bool:
        """Asks Redis itself, whatever happened a moment ago."""
        try:
            return bool(self._cache.get_client(None).ping())
        except RedisError:
            return False

    def _or(self, otherwise: Answer, ask: Callable[..., Answer], *args: Any, **kwargs: Any) -> Answer:
        if time.monotonic() < self._quiet_until:
            return otherwise
        try:
            return ask(*args, **kwargs)
        except RedisError as error:
            self._quiet_until = time.monotonic() + _PAUSE_SECONDS
            logger.warning("cache_unreachable", reason=str(error))
            return otherwise
